import { type BackendInfo, createGcsBucket, gcsOptions } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import type { AttachmentTarget } from '@threadkeep/conformance'
import { testAttachmentStore } from '@threadkeep/conformance/vitest'
import adapter from '../package.json' with { type: 'json' }
import { GCSAttachmentStore } from './index.ts'

await describeOn('gcs', (gcs) => testAttachmentStore('gcs', inBucket(gcs)))

/** Every instance has a client of its own, on one bucket. */
function inBucket({ url, version, origin }: BackendInfo): AttachmentTarget {
  const bucket = createGcsBucket(url)
  const config = gcsOptions(url)
  const [name = '', number = ''] = version.split(' ')
  return {
    adapter,
    backend: { name, version: number, origin },
    secrets: [config.credentials.private_key],
    open: async (options) => new GCSAttachmentStore({ ...options, bucket: (await bucket).name, config }),
    close: async () => (await bucket).drop(),
  }
}
