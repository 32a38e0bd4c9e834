import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Storage } from '@google-cloud/storage'
import { createGcsBucket, findChromium, gcsOptions } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { ChatClient, sha256 } from '../test/chat-client.ts'
import { ChatInBrowser, say } from './chat-in-browser.ts'
import { readConfig } from './config.ts'
import { quietSdk } from './quiet-sdk.ts'
import { startServer } from './server.ts'

const executablePath = await findChromium()

await describeOn('gcs', ({ url }) => {
  const { apiEndpoint, credentials, projectId } = gcsOptions(url)
  const storage = new Storage(gcsOptions(url))
  let bucket = ''
  let drop = async () => {}
  let folder = ''
  let files = ''

  beforeAll(async () => {
    ;({ name: bucket, drop } = await createGcsBucket(url))
    files = `gs://${bucket}?${new URLSearchParams({ endpoint: apiEndpoint, prefix: 'chat' })}`
    folder = await mkdtemp(join(tmpdir(), 'threadkeep-chat-'))
    const keyFile = join(folder, 'key.json')
    await writeFile(keyFile, JSON.stringify({ type: 'service_account', project_id: projectId, ...credentials }))
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', keyFile)
  })

  afterAll(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true, force: true })
    await drop()
  })

  it('keeps files in the bucket that FILES names, with the key file that the environment names', async () => {
    quietSdk()
    const server = await startServer(readConfig({ PORT: '0', DATA_DIR: join(folder, 'server'), FILES: files }))
    onTestFinished(() => server.close())
    const ann = new ChatClient(server.url, 'ann')
    const bytes = new TextEncoder().encode('a file of ann’s')
    const { id, upload_descriptor } = await ann.upload('note.txt', bytes)
    expect(upload_descriptor.url).toMatch(new RegExp(`^${apiEndpoint}/${bucket}/chat/[^/]+/${id}\\?`))
    const { answer } = await ann.say('keep this', { attachments: [id] })
    expect(answer).toContain(sha256(bytes))
    const file = await ann.get(`/files/${id}`)
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes)
    await expect(new ChatClient(server.url, 'bob').say('mine?', { attachments: [id] })).rejects.toThrow()
  })

  describe.skipIf(!executablePath)('the page in Chromium', () => {
    let chat: ChatInBrowser
    beforeAll(async () => {
      chat = await ChatInBrowser.start(join(folder, 'page'), executablePath ?? '', files)
    })
    afterAll(() => chat?.close())

    it('uploads to the bucket once its CORS rules allow it', async () => {
      const page = await chat.visit()
      const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('some notes') }
      await page.setInputFiles('input[type=file]', notes)
      await page.locator('.chip.failed').waitFor()

      const responseHeader = ['content-type', 'x-goog-content-length-range', 'x-goog-if-generation-match']
      const rule = { origin: [chat.url], method: ['PUT', 'GET'], responseHeader, maxAgeSeconds: 3_600 }
      await storage.bucket(bucket).setCorsConfiguration([rule])
      await page.reload()
      await page.setInputFiles('input[type=file]', notes)
      await page.locator('.chip.done').waitFor()
      await say(page, 'keep this')
      expect(await page.locator('.answer').textContent()).toContain('notes.txt: 10 bytes')
    })
  })
})
