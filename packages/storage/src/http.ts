export { type AttachmentsHandlerOptions, attachmentsHandler } from './attachments-handler.ts'
