import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { readConfig } from '../src/config.ts'
import { quietSdk } from '../src/quiet-sdk.ts'
import { startServer } from '../src/server.ts'
import { ChatClient, sha256, textOf } from './chat-client.ts'

/** A backend that can be killed, and started again with what it has on its disk. */
interface Restarted {
  kill(): Promise<void>
  start(): Promise<void>
}

/** Says something with a file, kills the backend that `STORE` names, and looks what the next chat server has. */
export async function keepsWhatWasSaid(STORE: string, backend: Restarted): Promise<void> {
  quietSdk()
  const dataDir = await mkdtemp(join(tmpdir(), 'threadkeep-chat-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const config = readConfig({ PORT: '0', DATA_DIR: dataDir, STORE })

  const first = await startServer(config)
  const ann = new ChatClient(first.url, 'ann')
  const bytes = new TextEncoder().encode('a file of ann’s')
  const { id } = await ann.upload('note.txt', bytes)
  const { thread, answer } = await ann.say('remember me', { attachments: [id] })
  expect(answer).toContain(sha256(bytes))
  await first.close()
  await backend.kill()
  await backend.start()

  const second = await startServer(config)
  onTestFinished(() => second.close())
  const items = await new ChatClient(second.url, 'ann').history(thread)
  expect(items.map(textOf)).toEqual(['remember me', answer])
  expect(items[0]?.attachments).toMatchObject([{ id }])
  await expect(new ChatClient(second.url, 'bob').history(thread)).rejects.toThrow()
}
