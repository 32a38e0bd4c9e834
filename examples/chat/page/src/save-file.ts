import { identity, identityHeaders } from './identity.ts'
import type { Attachment } from './protocol.ts'

/** Where the server keeps a file, for as long as it does. */
export function fileUrl({ id }: Attachment): string {
  return `/files/${id}`
}

/** Whether a link to a file is enough: a link says no name, only the cookie goes along. */
export function isLinkable(): boolean {
  return identity() === ''
}

/** Fetches the file as this person and hands it to the browser to save; rejects when it cannot be had. */
export async function saveFile(attachment: Attachment): Promise<void> {
  const response = await fetch(fileUrl(attachment), { headers: identityHeaders() })
  if (!response.ok) throw new Error(`the file answered ${response.status}`)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = attachment.name
  link.click()
  URL.revokeObjectURL(link.href)
}
