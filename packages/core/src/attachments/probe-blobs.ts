import { randomBytes } from 'node:crypto'
import type { Finding } from '../store/finding.ts'
import type { BlobDriver } from './blob-driver.ts'
import { probeUpload } from './probe-upload.ts'

/** What a probe must know of the service behind a driver. */
export interface BlobProbe {
  /** Of the store's keys, as its option says. Default `''`. */
  readonly prefix?: string | undefined
  /** Of the pages that upload, such as `https://chat.example`. Default: none. */
  readonly origins?: readonly string[] | undefined
  /** Where the service is told which pages may upload, in words. */
  readonly corsSetting: string
  /** Which setting is wrong and how, by an error of the driver. `undefined`: it is not about a setting. */
  explain(error: unknown): string | undefined
  /** The same of a signed upload that was refused, by the service's own code; `''` when it gave none. */
  explainRefusal(code: string): string | undefined
}

/**
 * Does once with a service what a store does: writes, looks at, reads and deletes an object, uploads through a signed
 * URL, and asks what browsers ask. Says what is wrong and what to change; throws errors that no setting explains.
 */
export async function probeBlobs(driver: BlobDriver, probe: BlobProbe): Promise<Finding[]> {
  const folder = (probe.prefix ?? '').replace(/[^/]$/, '$&/')
  const key = `${folder}~check-${randomBytes(16).toString('hex')}/probe`
  const stored = await explained('reachable', probe, () => probeCommands(driver, key))
  const uploaded = await explained('upload', probe, () => probeUpload(driver, key, probe))
  return [...stored, ...uploaded]
}

async function explained(topic: string, probe: BlobProbe, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look()
  } catch (error) {
    const message = probe.explain(error)
    if (message === undefined) throw error
    return [{ topic, level: 'error', message }]
  }
}

async function probeCommands(driver: BlobDriver, key: string): Promise<Finding[]> {
  const type = 'text/plain'
  try {
    await driver.write(key, new Blob(['probe']).stream(), { type, name: null, size: 5, signal: null })
    const info = await driver.head(key)
    const content = await driver.read(key, { range: { start: 1, end: 3 }, signal: null })
    const isSame = (await new Response(content?.body ?? null).text()) === 'rob' && info?.type === type
    const message = isSame ? 'an object was written, read in part and deleted' : 'an object came back changed'
    return [{ topic: 'reachable', level: isSame ? 'ok' : 'error', message }]
  } finally {
    await driver.delete(key)
  }
}
