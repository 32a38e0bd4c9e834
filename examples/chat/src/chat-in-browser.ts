import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { readConfig } from './config.ts'
import { quietSdk } from './quiet-sdk.ts'
import { type RunningServer, startServer } from './server.ts'

/** Headless, without a GPU, and without the requests a browser makes of its own accord. */
const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The chat server with its page freshly built, and a browser to visit it with. */
export class ChatInBrowser {
  /** What pages asked of anybody but the server. */
  readonly elsewhere: string[] = []
  readonly #server: RunningServer
  readonly #browser: Browser
  readonly #visits: BrowserContext[] = []

  private constructor(server: RunningServer, browser: Browser) {
    this.#server = server
    this.#browser = browser
  }

  /** `files` as the variable FILES; default: in the folder. */
  static async start(dataDir: string, executablePath: string, files?: string): Promise<ChatInBrowser> {
    await buildPage()
    quietSdk()
    const server = await startServer(readConfig({ DATA_DIR: dataDir, PORT: '0', FILES: files }))
    return new ChatInBrowser(server, await chromium.launch({ executablePath, args: chromiumArgs }))
  }

  get url(): string {
    return this.#server.url
  }

  /** The page as somebody new sees it. */
  async visit(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 820 }, ...options })
    this.#visits.push(context)
    context.setDefaultTimeout(10_000)
    context.on('request', (request) => {
      const { protocol, origin } = new URL(request.url())
      if (protocol !== 'blob:' && origin !== this.url) this.elsewhere.push(request.url())
    })
    const page = await context.newPage()
    await page.goto(this.url)
    return page
  }

  /** Ends all visits. */
  async leave(): Promise<void> {
    await Promise.all(this.#visits.splice(0).map((context) => context.close()))
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await this.#server.close()
  }
}

/** Sends a message and waits until it is answered. */
export async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.keyboard.press('Enter')
  await page.locator('.question:not(.sending)').last().waitFor()
  await page.getByLabel('Send').waitFor()
}

/** What a property of the first element that matches will have been, each change once. */
export async function watch(page: Page, selector: string, property: string): Promise<() => Promise<unknown[]>> {
  const observe = (body: HTMLBody, what: { selector: string; property: string }) => {
    const seen: unknown[] = []
    const look = () => {
      const value = body.querySelector(what.selector)?.[what.property]
      if (value !== undefined && value !== seen.at(-1)) seen.push(value)
    }
    const all = { attributes: true, characterData: true, childList: true, subtree: true }
    new body.ownerDocument.defaultView.MutationObserver(look).observe(body, all)
    return seen
  }
  const seen = await page.locator('body').evaluateHandle(observe, { selector, property })
  return () => seen.jsonValue()
}

/** As much of a browser's document as `watch` needs. */
interface HTMLBody {
  querySelector(selector: string): Record<string, unknown> | null
  ownerDocument: { defaultView: { MutationObserver: new (look: () => void) => MutationWatch } }
}

interface MutationWatch {
  observe(body: HTMLBody, what: object): void
}

export async function throttleUploads(page: Page, bytesPerSecond: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const limits = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond }
  await session.send('Network.emulateNetworkConditions', limits)
}

/** How far the person would have to scroll to the end, in pixels. */
export function fromEnd(page: Page): Promise<number> {
  return page.locator('.scroll').evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight)
}

async function buildPage(): Promise<void> {
  const root = join(import.meta.dirname, '..')
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const env = { ...process.env, NODE_ENV: 'production' }
  await promisify(execFile)(process.execPath, [vite, 'build', 'page', '--logLevel', 'warn'], { cwd: root, env })
}
