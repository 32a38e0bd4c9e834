import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { startEmbeddedAzurite } from './azure.ts'

/** An Azurite of one test that is spoken to by https, and also takes tokens, whose signatures it does not look at. */
export interface AzureWithTokens {
  /** Its blob endpoint, with account and key as user and password. */
  readonly url: string
  /** Its own, in PEM, and the key to it. */
  readonly certificate: string
  readonly privateKey: string
  /** One that it takes, of nobody in particular. */
  readonly token: string
  stop(): Promise<void>
}

/** Only by https and with tokens user delegation keys are to be had. */
export async function startAzureWithTokens(): Promise<AzureWithTokens> {
  const folder = await mkdtemp(join(tmpdir(), 'threadkeep-azure-tls-'))
  const extensions = [{ name: 'subjectAltName' as const, altNames: [{ type: 7 as const, ip: '127.0.0.1' }] }]
  const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], { extensions })
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  await writeFile(cert, pems.cert)
  await writeFile(key, pems.private)
  const { url, stop } = await startEmbeddedAzurite(['--oauth', 'basic', '--cert', cert, '--key', key], 'https')
  return {
    url,
    certificate: pems.cert,
    privateKey: pems.private,
    token: unsignedToken(),
    stop: async () => {
      await stop()
      await rm(folder, { recursive: true })
    },
  }
}

function unsignedToken(): string {
  const now = Math.floor(Date.now() / 1_000)
  const times = { iat: now, nbf: now - 60, exp: now + 3_600 }
  const who = { oid: 'user', tid: 'tenant', iss: 'https://sts.windows.net/tenant/', aud: 'https://storage.azure.com' }
  const parts = [
    { alg: 'none', typ: 'JWT' },
    { ...times, ...who },
  ]
  return [...parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')), 'x'].join('.')
}
