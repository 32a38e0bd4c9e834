import { type BackendInfo, createS3Bucket, s3Options } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import type { AttachmentTarget } from '@threadkeep/conformance'
import { testAttachmentStore } from '@threadkeep/conformance/vitest'
import adapter from '../package.json' with { type: 'json' }
import { S3AttachmentStore } from './index.ts'

await describeOn('s3', (s3) => testAttachmentStore('s3', inBucket(s3)))

/** Every instance has a client of its own, on one bucket. */
function inBucket({ url, version, origin }: BackendInfo): AttachmentTarget {
  const bucket = createS3Bucket(url)
  const config = s3Options(url)
  const [name = '', number = ''] = version.split(' ')
  return {
    adapter,
    backend: { name, version: number, origin },
    secrets: [config.credentials.secretAccessKey],
    gaps: version === 'versitygw 1.8.0' ? { 'broken-off-upload': keepsHalves } : {},
    open: async (options) => new S3AttachmentStore({ ...options, bucket: (await bucket).name, config }),
    close: async () => (await bucket).drop(),
  }
}

/** https://github.com/versity/versitygw/issues/2414; S3 itself answers `IncompleteBody`. */
const keepsHalves = 'versitygw 1.8.0 stores what came before the end of the connection (its issue 2414)'
