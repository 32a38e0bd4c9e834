import type { BlobDriver } from '@threadkeep/core/driver'
import { streamOf } from '../attachments/bytes.ts'
import { type BlobMutant, reading } from './blob-mutant.ts'

/** Faults of a driver. */
export const blobMutants: readonly BlobMutant[] = [
  {
    fault: 'a second write replaces the first',
    caughtBy: 'write/create-only',
    mutate: (driver) => ({
      write: async (key, body, options) => {
        await driver.delete(key)
        return driver.write(key, body, options)
      },
    }),
  },
  {
    fault: 'a write looks first and replaces later',
    caughtBy: 'write/one-winner',
    mutate: (driver) => {
      let queue = Promise.resolve()
      return {
        write: async (key, body, options) => {
          if (await driver.head(key)) return driver.write(key, body, options)
          const bytes = new Uint8Array(await new Response(body).arrayBuffer())
          const replaced = queue.then(async () => {
            await driver.delete(key)
            return driver.write(key, new Blob([bytes]).stream(), options)
          })
          queue = replaced.then(() => {})
          return replaced
        },
      }
    },
  },
  {
    fault: 'what came of a failing stream stays',
    caughtBy: 'write/failing-stream',
    mutate: (driver) => ({
      write: async (key, body, options) => {
        const chunks: Uint8Array<ArrayBuffer>[] = []
        try {
          for await (const chunk of body) chunks.push(Uint8Array.from(chunk))
        } finally {
          await driver.write(key, new Blob(chunks).stream(), options)
        }
        return (await driver.head(key)) ?? driver.write(key, body, options)
      },
    }),
  },
  {
    fault: 'the end of a range is exclusive',
    caughtBy: 'ranges/good',
    mutate: (driver) => ({
      read: (key, options) => {
        const { range } = options
        if (!range || !('end' in range)) return driver.read(key, options)
        return driver.read(key, { ...options, range: { start: range.start, end: range.end - 1 } })
      },
    }),
  },
  {
    fault: 'what the service says of a range past the end is not understood',
    caughtBy: 'ranges/past-the-end',
    mutate: (driver) => ({
      read: async (key, options) => {
        const info = await driver.head(key)
        const starts = options.range && 'start' in options.range ? options.range.start : 0
        if (info && starts > 0 && starts >= info.size) throw new Error('416 InvalidRange')
        return driver.read(key, options)
      },
    }),
  },
  {
    fault: 'a range is told as the whole',
    caughtBy: 'ranges/good',
    mutate: (driver) =>
      reading(driver, async (content) => {
        const bytes = await new Response(content.body).arrayBuffer()
        return { ...content, size: bytes.byteLength, body: new Blob([bytes]).stream() }
      }),
  },
  {
    fault: 'reading what is not there is empty',
    caughtBy: 'read/missing',
    mutate: (driver) => ({
      read: async (key, options) =>
        (await driver.read(key, options)) ?? { size: 0, type: 'text/plain', etag: '1', body: new Blob([]).stream() },
    }),
  },
  {
    fault: 'the last piece of a large object is lost',
    caughtBy: 'read/megabytes',
    mutate: (driver) =>
      reading(driver, async (content) => {
        const bytes = new Uint8Array(await new Response(content.body).arrayBuffer())
        return { ...content, body: streamOf(bytes.subarray(0, 5 * 2 ** 20)) }
      }),
  },
  {
    fault: 'deleting what is not there fails',
    caughtBy: 'read/deleted',
    mutate: (driver) => ({
      delete: async (key) => {
        if (!(await driver.head(key))) throw new Error('no such key')
        await driver.delete(key)
      },
    }),
  },
  {
    fault: 'of deletions at once one fails, for it came too late',
    caughtBy: 'lifecycle/deletions-at-once',
    mutate: (driver) => ({
      delete: async (key) => {
        const found = await driver.head(key)
        await new Promise(setImmediate)
        if (found && !(await driver.head(key))) throw new Error('no such key')
        await driver.delete(key)
      },
    }),
  },
  {
    fault: 'a deletion takes all keys that begin alike',
    caughtBy: 'arguments/good-ids',
    mutate: (driver) => ({
      delete: async (key) => {
        const folder = key.slice(0, key.lastIndexOf('/') + 1)
        const keys = await driver.list(folder, { after: null, limit: 1_000 })
        for (const one of keys.filter((other) => other.startsWith(key))) await driver.delete(one)
      },
    }),
  },
  {
    fault: 'keys are compared without case',
    caughtBy: 'arguments/good-ids',
    mutate: (driver) => rekeying(driver, (key) => key.toLowerCase()),
  },
  {
    fault: 'keys are without their tenant',
    caughtBy: 'tenants/strangers',
    mutate: (driver) => rekeying(driver, (key) => key.slice(key.lastIndexOf('/') + 1)),
  },
  {
    fault: 'what is special in a tenant’s name becomes a dash',
    caughtBy: 'tenants/apart',
    mutate: (driver) => rekeying(driver, (key) => key.replaceAll(/=[0-9a-f]{2}/g, '-')),
  },
  {
    fault: 'long tenants are cut',
    caughtBy: 'tenants/apart',
    mutate: (driver) => rekeying(driver, (key) => (key.startsWith('~') ? `~${key.slice(key.lastIndexOf('/'))}` : key)),
  },
  {
    fault: 'the type is not kept',
    caughtBy: 'read/whole',
    mutate: (driver) => ({
      write: (key, body, options) => driver.write(key, body, { ...options, type: 'application/octet-stream' }),
    }),
  },
  {
    fault: 'every object has the same etag',
    caughtBy: 'read/deleted',
    mutate: (driver) => ({
      write: async (key, body, options) => ({ ...(await driver.write(key, body, options)), etag: 'same' }),
      head: async (key) => {
        const info = await driver.head(key)
        return info && { ...info, etag: 'same' }
      },
    }),
  },
  {
    fault: 'a place is kept for an upload by an empty object',
    caughtBy: 'create/nothing-stored',
    mutate: (driver) => ({
      signUpload: async (key, upload) => {
        await driver.write(key, new Blob([]).stream(), { type: upload.type, name: null, size: 0, signal: null })
        return driver.signUpload(key, upload)
      },
    }),
  },
  {
    fault: 'downloads are served as the type they were stored with',
    caughtBy: 'downloads/never-run',
    mutate: (driver) => ({
      signDownload: async (key, download) =>
        driver.signDownload(key, { ...download, type: (await driver.head(key))?.type ?? download.type }),
    }),
  },
  {
    fault: 'downloads are always shown in place',
    caughtBy: 'downloads/never-run',
    mutate: (driver) => ({
      signDownload: (key, download) =>
        driver.signDownload(key, { ...download, disposition: download.disposition.replace('attachment', 'inline') }),
    }),
  },
  {
    fault: 'downloads are named in ASCII alone',
    caughtBy: 'names/of-downloads',
    mutate: (driver) => ({
      signDownload: (key, download) =>
        driver.signDownload(key, { ...download, disposition: download.disposition.replace(/; filename\*.*/, '') }),
    }),
  },
  {
    fault: 'a scope that is empty falls back to a default',
    caughtBy: 'tenants/bad-scopes',
    options: (options) => ({ ...options, scope: (context) => options.scope(context) || 'default' }),
  },
  {
    fault: 'maxBytes is ignored',
    caughtBy: 'write/too-long',
    options: ({ maxBytes: _, ...options }) => options,
  },
  {
    fault: 'allowedTypes is ignored',
    caughtBy: 'arguments/types',
    options: ({ allowedTypes: _, ...options }) => options,
  },
]

function rekeying(driver: BlobDriver, rekey: (key: string) => string): Partial<BlobDriver> {
  return {
    write: (key, body, options) => driver.write(rekey(key), body, options),
    read: (key, options) => driver.read(rekey(key), options),
    head: (key) => driver.head(rekey(key)),
    delete: (key) => driver.delete(rekey(key)),
  }
}
