export type {
  Attachment,
  AttachmentCreateParams,
  FileAttachment,
  ImageAttachment,
  UploadDescriptor,
} from './attachments/attachment.ts'
export { AttachmentStore } from './attachments/attachment-store.ts'
export type { BlobContent, BlobInfo, ByteRange, Enforces } from './attachments/blob-driver.ts'
export type { BodyInput } from './attachments/upload-body.ts'
export * from './policy/errors.ts'
export type { Observation } from './policy/observe.ts'
export type { ScopeOf } from './policy/scope.ts'
export type { Finding } from './store/finding.ts'
export type * from './store/item.ts'
export type { Order, Page } from './store/page.ts'
export type * from './store/source.ts'
export { Store } from './store/store.ts'
export type { ThreadMetadata, ThreadStatus } from './store/thread.ts'
export type { Task, Workflow } from './store/workflow.ts'
