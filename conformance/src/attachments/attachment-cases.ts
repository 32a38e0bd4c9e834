import { attachmentArgumentCases } from './attachment-arguments.ts'
import type { AttachmentCase } from './attachment-case.ts'
import { attachmentLifecycleCases } from './attachment-lifecycle.ts'
import { createCases } from './create.ts'
import { downloadCases } from './downloads.ts'
import { nameCases } from './names.ts'
import { ownHandlerCases } from './own-handler.ts'
import { rangeCases } from './ranges.ts'
import { readCases } from './read.ts'
import { refusalCases } from './refusals.ts'
import { signatureCases } from './signatures.ts'
import { tenantCases } from './tenants.ts'
import { uploadCases } from './upload.ts'
import { writeCases } from './write.ts'

/** Every promise of the contract of attachment stores. */
export const attachmentCases: readonly AttachmentCase[] = [
  ...createCases,
  ...uploadCases,
  ...refusalCases,
  ...signatureCases,
  ...downloadCases,
  ...ownHandlerCases,
  ...readCases,
  ...rangeCases,
  ...writeCases,
  ...nameCases,
  ...tenantCases,
  ...attachmentArgumentCases,
  ...attachmentLifecycleCases,
]
