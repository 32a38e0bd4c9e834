import type { SuiteContext } from '../suite-context.ts'
import type { CompleteAttachmentStore } from './attachment-target.ts'
import { bytesOf } from './bytes.ts'

/** The methods of an attachment store that take an id, each to be called. */
export function everyAttachmentMethod(
  store: CompleteAttachmentStore,
  id: string,
  context: SuiteContext,
): Record<string, () => Promise<unknown>> {
  return {
    readAttachment: () => store.readAttachment(id, context),
    writeAttachment: () => store.writeAttachment(id, bytesOf('x'), context),
    headAttachment: () => store.headAttachment(id, context),
    attachmentUrl: () => store.attachmentUrl(id, context),
    deleteAttachment: () => store.deleteAttachment(id, context),
  }
}
