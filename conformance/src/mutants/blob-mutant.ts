import type { BlobContent, BlobDriver, DriverAttachmentStore, UrlSigner } from '@threadkeep/core/driver'
import type { AttachmentTargetOptions } from '../attachments/attachment-target.ts'
import type { Handler } from '../attachments/handler.ts'
import type { SuiteContext } from '../suite-context.ts'

/** An attachment store with one fault, and the case that must notice it. */
export interface BlobMutant {
  readonly fault: string
  readonly caughtBy: string
  /** Keeps the bytes in files and not in memory. */
  readonly inFiles?: boolean
  /** `secret` signs its URLs. */
  mutate?(driver: BlobDriver, secret: string): Partial<BlobDriver>
  answer?(handler: Handler, driver: BlobDriver, signer: UrlSigner): Handler
  options?(options: AttachmentTargetOptions): AttachmentTargetOptions
  /** Runs for every instance. */
  wrap?(store: MutableStore): Partial<MutableStore>
}

type MutableStore = DriverAttachmentStore<SuiteContext>

/** Changes what is read. */
export function reading(
  driver: BlobDriver,
  change: (content: BlobContent) => Promise<BlobContent>,
): Partial<BlobDriver> {
  return {
    read: async (key, options) => {
      const content = await driver.read(key, options)
      return content && change(content)
    },
  }
}

/** Changes the URLs of uploads. */
export function withQuery(driver: BlobDriver, query: string): Partial<BlobDriver> {
  return {
    signUpload: async (key, upload) => {
      const descriptor = await driver.signUpload(key, upload)
      return { ...descriptor, url: `${descriptor.url}&${query}` }
    },
  }
}
