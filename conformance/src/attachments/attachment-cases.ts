import { attachmentArgumentCases } from './attachment-arguments.ts'
import type { AttachmentCase } from './attachment-case.ts'
import { attachmentLifecycleCases } from './attachment-lifecycle.ts'
import { confidenceCases } from './confidences.ts'
import { createCases } from './create.ts'
import { downloadCases } from './downloads.ts'
import { handlerRequestCases } from './handler-requests.ts'
import { headerCases } from './header-refusals.ts'
import { largeCases } from './large.ts'
import { nameCases } from './names.ts'
import { ownHandlerCases } from './own-handler.ts'
import { partCases } from './parts.ts'
import { rangeCases } from './ranges.ts'
import { readCases } from './read.ts'
import { refusalCases } from './refusals.ts'
import { signatureCases } from './signatures.ts'
import { sourceCases } from './sources.ts'
import { tenantCases } from './tenants.ts'
import { uploadCases } from './upload.ts'
import { writeCases } from './write.ts'

/** Every promise of the contract of attachment stores. */
export const attachmentCases: readonly AttachmentCase[] = [
  ...createCases,
  ...confidenceCases,
  ...uploadCases,
  ...refusalCases,
  ...headerCases,
  ...signatureCases,
  ...downloadCases,
  ...ownHandlerCases,
  ...handlerRequestCases,
  ...readCases,
  ...rangeCases,
  ...writeCases,
  ...sourceCases,
  ...partCases,
  ...largeCases,
  ...nameCases,
  ...tenantCases,
  ...attachmentArgumentCases,
  ...attachmentLifecycleCases,
]
