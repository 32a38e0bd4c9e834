import type { BlobDriver } from '@threadkeep/core/driver'
import { sha256Of } from '../attachments/bytes.ts'
import type { Handler } from '../attachments/handler.ts'
import { type BlobMutant, withQuery } from './blob-mutant.ts'
import { tokenOf } from './loose-handler.ts'

/** Faults in what a signed upload says and binds. */
export const claimMutants: readonly BlobMutant[] = [
  {
    fault: 'the URL of an upload asks for the CRC32 of nothing',
    caughtBy: 'create/no-other-checksum',
    mutate: (driver) => withQuery(driver, 'x-amz-checksum-crc32=AAAAAA%3D%3D'),
  },
  {
    fault: 'the URL of an upload holds the key it is signed with',
    caughtBy: 'create/no-secrets',
    mutate: (driver, secret) => withQuery(driver, `key=${Buffer.from(secret).toString('base64url')}`),
  },
  {
    fault: 'previews are served as what the client claims',
    caughtBy: 'create/preview-never-runs',
    mutate: (driver) => {
      const claimed = new Map<string, string>()
      return {
        signUpload: (key, { type, ...upload }) => {
          claimed.set(key, type)
          return driver.signUpload(key, { type, ...upload })
        },
        signDownload: (key, { type, ...download }) =>
          driver.signDownload(key, { type: claimed.get(key) ?? type, ...download }),
      }
    },
  },
  {
    fault: 'the URL of an upload lasts an hour, whatever expiresIn says',
    caughtBy: 'signatures/upload-expired',
    mutate: (driver) => lasting(driver, 3_600),
  },
  {
    fault: 'the URL of an upload lasts a second, whatever expiresIn says',
    caughtBy: 'signatures/upload-expired',
    mutate: (driver) => lasting(driver, 1),
  },
  {
    fault: 'a checksum is verified only when its header comes',
    caughtBy: 'refusals/headers',
    mutate: checksumInHeader,
    answer: (handler) => verifyingHeader(handler, () => true),
  },
  {
    fault: 'the checksum that is verified is that of the header, which is not signed',
    caughtBy: 'refusals/headers-of-another',
    mutate: (driver) => {
      const bound = checksumInHeader(driver)
      return {
        signUpload: async (key, upload) => {
          const descriptor = await (bound.signUpload ?? driver.signUpload)(key, upload)
          return { ...descriptor, url: `${descriptor.url}&checksum=${upload.sha256 !== null}` }
        },
      }
    },
    answer: (handler) =>
      verifyingHeader(handler, (request) => new URL(request.url).searchParams.get('checksum') !== 'true'),
  },
  {
    fault: 'what an upload says of its disposition is served',
    caughtBy: 'refusals/extra-headers',
    answer: (handler) => {
      const said = new Map<string, string>()
      return async (request) => {
        const key = tokenOf(request.url)?.key ?? ''
        const disposition = request.headers.get('content-disposition')
        if (disposition !== null) said.set(key, disposition)
        const response = await handler(request)
        const served = said.get(key)
        if (served !== undefined) response.headers.set('content-disposition', served)
        return response
      }
    },
  },
]

function lasting(driver: BlobDriver, seconds: number): Partial<BlobDriver> {
  return {
    signUpload: (key, upload) =>
      driver.signUpload(key, { ...upload, expiresAt: new Date(Date.now() + seconds * 1_000) }),
  }
}

const header = 'x-checksum'

function checksumInHeader(driver: BlobDriver): Partial<BlobDriver> {
  return {
    signUpload: async (key, { sha256, ...upload }) => {
      const descriptor = await driver.signUpload(key, { ...upload, sha256: null })
      if (sha256 === null) return descriptor
      return { ...descriptor, headers: { ...descriptor.headers, [header]: sha256 } }
    },
  }
}

/** Verifies the checksum that the request names; one without is let through where that is allowed. */
function verifyingHeader(handler: Handler, mayLack: (request: Request) => boolean): Handler {
  return async (request) => {
    if (request.method !== 'PUT') return handler(request)
    const named = request.headers.get(header)
    const bytes = await request.bytes()
    if (named === null ? !mayLack(request) : named !== sha256Of(bytes)) return new Response(null, { status: 422 })
    return handler(new Request(request, { body: bytes }))
  }
}
