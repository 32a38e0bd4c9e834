import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { expect, it, onTestFinished } from 'vitest'
import { ChatClient, textOf } from '../test/chat-client.ts'
import { readConfig } from './config.ts'
import { quietSdk } from './quiet-sdk.ts'
import { startServer } from './server.ts'

await describeOn('postgres', (backend) => {
  it('keeps what was said in the database that STORE names', async () => {
    quietSdk()
    const database = await createDatabase(backend.url)
    onTestFinished(() => database.drop())
    const dataDir = await mkdtemp(join(tmpdir(), 'threadkeep-chat-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    const config = readConfig({ PORT: '0', DATA_DIR: dataDir, STORE: database.url })

    const first = await startServer(config)
    const { thread } = await new ChatClient(first.url, 'ann').say('remember me')
    await first.close()

    const second = await startServer(config)
    onTestFinished(() => second.close())
    const items = await new ChatClient(second.url, 'ann').history(thread)
    expect(items.map(textOf)).toEqual(['remember me', 'You wrote:\n> remember me'])
  })
})
