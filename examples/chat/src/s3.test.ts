import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createS3Bucket, s3Options } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { expect, it, onTestFinished, vi } from 'vitest'
import { ChatClient, sha256 } from '../test/chat-client.ts'
import { readConfig } from './config.ts'
import { quietSdk } from './quiet-sdk.ts'
import { startServer } from './server.ts'

await describeOn('s3', ({ url }) => {
  it('keeps files in the bucket that FILES names, with credentials from the environment', async () => {
    quietSdk()
    const bucket = await createS3Bucket(url)
    onTestFinished(() => bucket.drop())
    const dataDir = await mkdtemp(join(tmpdir(), 'threadkeep-chat-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    const { endpoint, region, credentials } = s3Options(url)
    vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey)
    onTestFinished(() => void vi.unstubAllEnvs())
    const query = new URLSearchParams({ endpoint, region, prefix: 'chat' })
    const server = await startServer(
      readConfig({ PORT: '0', DATA_DIR: dataDir, FILES: `s3://${bucket.name}?${query}` }),
    )
    onTestFinished(() => server.close())

    const ann = new ChatClient(server.url, 'ann')
    const bytes = new TextEncoder().encode('a file of ann’s')
    const { id, upload_descriptor } = await ann.upload('note.txt', bytes)
    expect(upload_descriptor.url).toMatch(new RegExp(`^${endpoint}/${bucket.name}/chat/[^/]+/${id}\\?`))
    const { answer } = await ann.say('keep this', { attachments: [id] })
    expect(answer).toContain(sha256(bytes))
    const file = await ann.get(`/files/${id}`)
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes)
    await expect(new ChatClient(server.url, 'bob').say('mine?', { attachments: [id] })).rejects.toThrow()
  })
})
