import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import {
  azureConnectionString,
  azureOptions,
  createAzureContainer,
  findChromium,
  startAzure,
} from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { chromium } from 'playwright-core'
import { expect, it, onTestFinished, vi } from 'vitest'
import { ChatClient, sha256 } from '../test/chat-client.ts'
import { readConfig } from './config.ts'
import { quietSdk } from './quiet-sdk.ts'
import { type RunningServer, startServer } from './server.ts'

const executablePath = await findChromium()
const bytes = new TextEncoder().encode('a file of ann’s')

await describeOn('azure', ({ url }) => {
  it('keeps files in the container that FILES names, with credentials from the environment', async () => {
    const { server, container } = await startChat(url)
    const ann = new ChatClient(server.url, 'ann')
    const { id, upload_descriptor } = await ann.upload('note.txt', bytes)
    const { endpoint } = azureOptions(url)
    expect(upload_descriptor.url).toMatch(new RegExp(`^${endpoint}/${container}/chat/[^/]+/${id}\\?`))
    const { answer } = await ann.say('keep this', { attachments: [id] })
    expect(answer).toContain(sha256(bytes))
    const file = await ann.get(`/files/${id}`)
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes)
    await expect(new ChatClient(server.url, 'bob').say('mine?', { attachments: [id] })).rejects.toThrow()
  })

  it.skipIf(!executablePath)('takes what a browser uploads, when a CORS rule allows its page', async () => {
    // CORS is a setting of the whole account, and other tests have theirs.
    const azure = await startAzure()
    onTestFinished(() => azure.stop())
    const { server } = await startChat(azure.url)
    const browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] })
    onTestFinished(() => browser.close())
    const page = await browser.newPage()
    await page.goto(`${server.url}/healthz`)
    const ann = new ChatClient(server.url, 'ann')
    const { id, upload_descriptor } = await ann.create('note.txt', bytes)
    const put = async ({ url, method, headers, text, type }: Put) =>
      (await fetch(url, { method, headers, body: new File([text], 'note.txt', { type }) })).status
    const upload = { ...upload_descriptor, text: new TextDecoder().decode(bytes), type: 'text/plain' }
    await expect(page.evaluate(put, upload)).rejects.toThrow('Failed to fetch')
    const allowedHeaders = 'content-type,if-none-match,x-ms-*'
    const rule = { allowedOrigins: server.url, allowedMethods: 'PUT', allowedHeaders }
    await BlobServiceClient.fromConnectionString(azureConnectionString(azure.url)).setProperties({
      cors: [{ ...rule, exposedHeaders: 'etag', maxAgeInSeconds: 60 }],
    })
    expect(await page.evaluate(put, upload)).toBe(201)
    const { answer } = await ann.say('keep this', { attachments: [id] })
    expect(answer).toContain(sha256(bytes))
  })
})

interface Put {
  readonly url: string
  readonly method: string
  readonly headers: Record<string, string>
  readonly text: string
  readonly type: string
}

async function startChat(url: string): Promise<{ server: RunningServer; container: string }> {
  quietSdk()
  const container = await createAzureContainer(url)
  onTestFinished(() => container.drop())
  const dataDir = await mkdtemp(join(tmpdir(), 'threadkeep-chat-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  vi.stubEnv('AZURE_STORAGE_CONNECTION_STRING', azureConnectionString(url))
  onTestFinished(() => void vi.unstubAllEnvs())
  const files = `azure://${container.name}?prefix=chat`
  const server = await startServer(readConfig({ PORT: '0', DATA_DIR: dataDir, FILES: files }))
  onTestFinished(() => server.close())
  return { server, container: container.name }
}
