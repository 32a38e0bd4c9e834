export { type AttachmentsHandlerOptions, attachmentsHandler } from './attachments-handler.ts'
export type { Handler } from './error-response.ts'
export { type FilesHandlerOptions, filesHandler } from './files-handler.ts'
