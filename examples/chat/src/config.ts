import { resolve } from 'node:path'

/** How the server runs; each from the environment variable of its name. */
export interface Config {
  /** PORT: where to listen; 0 picks a free one. */
  readonly port: number
  /** HOST: on which address; only this machine by default, because the demo believes whatever name a request gives. */
  readonly host: string
  /** DATA_DIR: the folder of the embedded defaults. */
  readonly dataDir: string
  /** STORE: where threads and messages live. */
  readonly store: string
  /** FILES: where the bytes of attachments live. */
  readonly files: string
  /** PUBLIC_URL: how browsers reach this server; `null` is the address it listens on. */
  readonly publicUrl: string | null
}

/** The configuration of an environment; what is missing gets its default, what is wrong says so. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const dataDir = resolve(env.DATA_DIR || '.data')
  return {
    port: readPort(env.PORT || '3000'),
    host: env.HOST || '127.0.0.1',
    dataDir,
    store: env.STORE || `pglite:${dataDir}/postgres`,
    files: env.FILES || `file:${dataDir}/files`,
    publicUrl: env.PUBLIC_URL ? readUrl(env.PUBLIC_URL) : null,
  }
}

/** A URL as it may be printed: without password and query. */
export function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, '//…@').replace(/\?.*$/s, '?…')
}

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text)
  throw new Error(`PORT must be a number from 0 to 65535, not ${text}`)
}

function readUrl(text: string): string {
  const url = URL.parse(text)
  if (url && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, '')
  throw new Error(`PUBLIC_URL must be an http or https address, not ${text}`)
}
