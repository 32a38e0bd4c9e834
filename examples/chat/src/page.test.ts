import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '@threadkeep/backends'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ChatInBrowser, fromEnd, say, throttleUploads, watch } from './chat-in-browser.ts'

const executablePath = await findChromium()
const pictures = join(tmpdir(), 'threadkeep-page')
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

describe.skipIf(!executablePath)('the page in Chromium', () => {
  let folder: string
  let chat: ChatInBrowser

  beforeAll(async () => {
    await mkdir(pictures, { recursive: true })
    folder = await mkdtemp(join(tmpdir(), 'threadkeep-chat-'))
    chat = await ChatInBrowser.start(folder, executablePath ?? '')
  })

  afterEach(() => chat.leave())

  afterAll(async () => {
    await chat?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  test('an answer appears word by word, and a reload shows the same chat', async () => {
    const page = await chat.visit()
    const steps = await watch(page, '.answer .text', 'textContent')
    await say(page, 'one two three four five six')
    const answer = await page.locator('.answer').textContent()
    expect(answer).toContain('one two three four five six')
    const written = (await steps()).map(String)
    expect(written.length).toBeGreaterThan(4)
    for (const part of written) expect(answer?.startsWith(part), part).toBe(true)

    await page.reload()
    await page.locator('.answer').waitFor()
    expect(await page.locator('.question').allTextContents()).toEqual(['one two three four five six'])
    expect(await page.locator('.answer').textContent()).toBe(answer)
    expect(await page.locator('.threads a[aria-current]').textContent()).toBe('one two three four five six')
  })

  test('Shift and Enter starts a new line', async () => {
    const page = await chat.visit()
    await page.getByLabel('Message', { exact: true }).focus()
    await page.keyboard.type('first')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('second')
    await page.keyboard.press('Enter')
    await page.locator('.answer').waitFor()
    expect(await page.locator('.question .text').textContent()).toBe('first\nsecond')
  })

  test('files upload with progress, and a picture comes back after a reload', async () => {
    const page = await chat.visit()
    await throttleUploads(page, 1_000_000)
    const progress = await watch(page, 'progress', 'value')
    await page.setInputFiles('input[type=file]', [
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.alloc(1_500_000, 'a') },
      { name: 'pixel.png', mimeType: 'image/png', buffer: Buffer.from(pixel, 'base64') },
    ])
    await expect.poll(() => page.locator('.chip.done').count()).toBe(2)
    const underWay = (await progress()).map(Number).filter((value) => value > 0 && value < 1)
    expect(underWay.length).toBeGreaterThan(2)

    await say(page, 'look at this')
    expect(await page.locator('.answer').textContent()).toContain('notes.txt: 1500000 bytes')
    await page.screenshot({ path: join(pictures, 'files.png') })
    await page.reload()
    await expect
      .poll(() =>
        page.locator('img[alt="pixel.png"]').evaluate((image) => 'naturalWidth' in image && image.naturalWidth),
      )
      .toBe(1)
    expect(await page.locator('.question .file').allTextContents()).toEqual(['notes.txt'])
  })

  test('an upload can be canceled, and the server hears of it', async () => {
    const page = await chat.visit()
    await throttleUploads(page, 50_000)
    const buffer = Buffer.alloc(1_500_000)
    await page.setInputFiles('input[type=file]', { name: 'slow.bin', mimeType: 'application/octet-stream', buffer })
    const told = page.waitForResponse((response) => response.url().endsWith('/attachments'))
    await page.getByLabel('Cancel slow.bin').click()
    expect(await page.locator('.chip').count()).toBe(0)
    expect((await told).request().postData()).toContain('attachment.fail')
    expect((await told).status()).toBe(200)
  })

  test('a file that is too large says so', async () => {
    const page = await chat.visit()
    const path = join(folder, 'large.bin')
    await using file = await open(path, 'w')
    await file.truncate(101 * 1024 * 1024)
    await page.setInputFiles('input[type=file]', path)
    await page.locator('.chip.failed').waitFor()
    expect(await page.locator('.chip.failed [role=alert]').textContent()).toBe('This file is too large.')
  })

  test('a file that is not what it is called says so, and cannot be sent', async () => {
    const page = await chat.visit()
    const buffer = Buffer.from('%PDF-1.7 and so on')
    await page.setInputFiles('input[type=file]', { name: 'photo.png', mimeType: 'image/png', buffer })
    await page.locator('.chip.failed').waitFor()
    const sentence = 'The file looks like application/pdf, not like the image/png announced.'
    expect(await page.locator('.chip.failed [role=alert]').textContent()).toBe(sentence)
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
  })

  test.each([
    ['a guest', ''],
    ['somebody with a name', 'Ada'],
  ])('a file that was sent can be saved again, by %s', async (_, name) => {
    const page = await chat.visit()
    await page.evaluate(
      (value) => (globalThis as unknown as Browsing).localStorage.setItem('threadkeep-chat.user', value),
      name,
    )
    await page.reload()
    const buffer = Buffer.from('some notes')
    await page.setInputFiles('input[type=file]', { name: 'notes.txt', mimeType: 'text/plain', buffer })
    await page.locator('.chip.done').waitFor()
    await say(page, 'keep this')
    const saved = page.waitForEvent('download')
    await page.getByRole('link', { name: 'notes.txt' }).click()
    const download = await saved
    expect(download.suggestedFilename()).toBe('notes.txt')
    expect(await readFile(await download.path(), 'utf8')).toBe('some notes')
  })

  test('sixty messages: the newest at the end, the older ones page by page, nothing moves', async () => {
    const page = await chat.visit()
    await say(page, '1')
    const thread_id = new URL(page.url()).hash.slice(1)
    for (let n = 2; n <= 30; n++) {
      const input = { content: [{ type: 'input_text', text: String(n) }], attachments: [] }
      const data = { type: 'threads.add_user_message', params: { thread_id, input } }
      await page.request.post(`${chat.url}/chatkit`, { data })
    }
    await page.reload()
    const messages = page.locator('.question, .answer')
    await expect.poll(() => messages.count()).toBe(20)
    expect(await page.locator('.answer').last().isVisible()).toBe(true)
    expect(await fromEnd(page)).toBeLessThan(2)

    const moved = await page.locator('.scroll').evaluate(async (box) => {
      const nextFrame = box.ownerDocument.defaultView?.requestAnimationFrame
      const first = box.querySelector('.question')
      box.scrollTo(0, 0)
      const before = first?.getBoundingClientRect().top
      while (box.querySelectorAll('.question').length === 10) await new Promise((drawn) => nextFrame?.(drawn))
      return Number(first?.getBoundingClientRect().top) - Number(before)
    })
    expect(Math.abs(moved)).toBeLessThan(2)
    await expect.poll(() => messages.count()).toBe(40)
    await page.getByText('Older messages').click()
    await expect.poll(() => messages.count()).toBe(60)
    const numbers = Array.from({ length: 30 }, (_, i) => String(i + 1))
    expect(await page.locator('.question').allTextContents()).toEqual(numbers)
    await expect.poll(() => page.getByText('Older messages').count()).toBe(0)
  })

  test('the list of chats has the newest first, and older ones on request', async () => {
    const page = await chat.visit()
    for (let n = 1; n <= 22; n++) {
      const input = { content: [{ type: 'input_text', text: `chat ${n}` }], attachments: [] }
      await page.request.post(`${chat.url}/chatkit`, { data: { type: 'threads.create', params: { input } } })
    }
    await page.reload()
    const titles = page.locator('.threads a')
    await expect.poll(() => titles.count()).toBe(20)
    expect(await titles.first().textContent()).toBe('chat 22')
    await page.getByRole('button', { name: 'Older chats' }).click()
    await expect.poll(() => titles.last().textContent()).toBe('chat 1')
    expect(await titles.count()).toBe(22)
  })

  test('a chat is deleted by keyboard, after a question that Escape takes back', async () => {
    const page = await chat.visit()
    await say(page, 'soon gone')
    const address = page.url()
    await page.getByLabel('Delete chat').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    expect(await page.locator('.question').count()).toBe(1)

    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Your chats will be listed here.').waitFor()
    await page.goto(address)
    await page.getByText('This chat is not here').waitFor()
  })

  test('whoever gives a name has chats of their own', async () => {
    const page = await chat.visit()
    await say(page, 'from a guest')
    await page.getByRole('button', { name: 'Guest' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Grace')
    await page.keyboard.press('Enter')
    await page.getByText('Your chats will be listed here.').waitFor()
    expect(await page.locator('.person-name').textContent()).toBe('Grace')
  })

  test('without a connection a message waits, and goes out when it is back', async () => {
    const page = await chat.visit()
    await say(page, 'hello')
    await page.context().setOffline(true)
    await page.getByLabel('Message', { exact: true }).fill('are you there?')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('The server cannot be reached.').waitFor()
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => page.locator('.answer').count()).toBe(2)
    expect(await page.locator('.question').allTextContents()).toEqual(['hello', 'are you there?'])
  })

  test('on a narrow screen nothing is wider than the screen, and the list is a drawer', async () => {
    const page = await chat.visit({ viewport: { width: 320, height: 640 }, colorScheme: 'dark' })
    await say(page, 'x'.repeat(400))
    expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBe(320)
    await page.screenshot({ path: join(pictures, 'narrow.png') })
    await page.getByLabel('Show the list of chats').click()
    await page.getByRole('button', { name: 'New chat' }).click()
    await page.getByText('What’s on your mind?').waitFor()
    await page.locator('.threads a').waitFor({ state: 'hidden' })
  })

  test('nothing is asked of another machine', () => {
    expect(chat.elsewhere).toEqual([])
  })
})

/** As much of a browser's globals as a test needs. */
interface Browsing {
  localStorage: { setItem(key: string, value: string): void }
}
