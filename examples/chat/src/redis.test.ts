import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startOwnRedis } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { expect, it, onTestFinished } from 'vitest'
import { ChatClient, sha256, textOf } from '../test/chat-client.ts'
import { readConfig } from './config.ts'
import { quietSdk } from './quiet-sdk.ts'
import { startServer } from './server.ts'

await describeOn('redis', (backend) => {
  it.skipIf(backend.origin === 'environment')('keeps what was said in the Redis that STORE names', async () => {
    quietSdk()
    const redis = await startOwnRedis({ appendonly: 'yes', appendfsync: 'always' })
    onTestFinished(() => redis.stop())
    const dataDir = await mkdtemp(join(tmpdir(), 'threadkeep-chat-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    const config = readConfig({ PORT: '0', DATA_DIR: dataDir, STORE: redis.url })

    const first = await startServer(config)
    const ann = new ChatClient(first.url, 'ann')
    const bytes = new TextEncoder().encode('a file of ann’s')
    const { id } = await ann.upload('note.txt', bytes)
    const { thread, answer } = await ann.say('remember me', { attachments: [id] })
    expect(answer).toContain(sha256(bytes))
    await first.close()
    await redis.kill()
    await redis.start()

    const second = await startServer(config)
    onTestFinished(() => second.close())
    const items = await new ChatClient(second.url, 'ann').history(thread)
    expect(items.map(textOf)).toEqual(['remember me', answer])
    expect(items[0]?.attachments).toMatchObject([{ id }])
    await expect(new ChatClient(second.url, 'bob').history(thread)).rejects.toThrow()
  })
})
