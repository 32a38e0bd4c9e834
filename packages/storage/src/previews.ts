import type { Attachment, ThreadItem } from '@threadkeep/core'
import type { Objects } from '@threadkeep/core/driver'

/** How long a preview's URL lasts at least and at most, as a half and a whole, in milliseconds. */
const windowMs = 2 * 60 * 60 * 1000

/** The attachment without URLs, which are signed for a moment and are never stored. @internal */
export function withoutUrls(attachment: Attachment): Attachment {
  if (typeof attachment !== 'object' || attachment === null) return attachment
  const { upload_url, upload_descriptor, ...kept } = attachment
  if (kept.type !== 'image') return kept
  const { preview_url, ...image } = kept
  return image as Attachment
}

/** A copy of the attachment with a fresh preview, if it is an image without one. @internal */
export async function withPreview<TContext>(
  objects: Objects<TContext>,
  scope: string,
  attachment: Attachment,
): Promise<Attachment> {
  if (attachment.type !== 'image' || attachment.preview_url) return attachment
  const { id, name, mime_type: type } = attachment
  const request = { name, type, disposition: 'inline', expiresAt: endOfWindow() } as const
  return { ...attachment, preview_url: await objects.signDownload(scope, id, request) }
}

/** A copy of the item with fresh previews in its attachments. @internal */
export async function withPreviews<TContext>(
  objects: Objects<TContext>,
  scope: string,
  item: ThreadItem & { attachments: Attachment[] },
): Promise<ThreadItem> {
  const attachments = await Promise.all(item.attachments.map((attachment) => withPreview(objects, scope, attachment)))
  return { ...item, attachments } as ThreadItem
}

/** Whether the item carries attachments, whatever its type. @internal */
export function hasAttachments<T extends object>(item: T): item is T & { attachments: Attachment[] } {
  return (
    typeof item === 'object' &&
    item !== null &&
    'attachments' in item &&
    Array.isArray(item.attachments) &&
    item.attachments.length > 0
  )
}

/** The same moment for half a window, so that the same URL comes again and browsers can cache what it gives. */
function endOfWindow(): Date {
  const half = windowMs / 2
  return new Date((Math.floor(Date.now() / half) + 2) * half)
}
