/** A file or an image that belongs to a message: the record, not its bytes. Fields not named here survive too. */
export type Attachment = FileAttachment | ImageAttachment

interface AttachmentBase {
  id: string
  name: string
  mime_type: string
  /** How the client uploads the bytes. Only in the answer of `createAttachment`; never stored by `createStorage`. */
  upload_descriptor?: UploadDescriptor | null
  /** The same for clients that know no descriptor; they POST a form with the field `file`. */
  upload_url?: string | null
}

export interface FileAttachment extends AttachmentBase {
  type: 'file'
}

export interface ImageAttachment extends AttachmentBase {
  type: 'image'
  preview_url: string
}

/** One HTTP request, to be sent exactly so, with the bytes as its body. */
export interface UploadDescriptor {
  url: string
  method: 'PUT' | 'POST'
  headers: Record<string, string>
}

/** What a client says of a file before it uploads it: claims, all of them. */
export interface AttachmentCreateParams {
  name: string
  /** In bytes. */
  size: number
  /** `''` means `application/octet-stream`. */
  mime_type: string
  /** Of the bytes, in lowercase hex. Given, the upload is bound to it where the backend can, and verified elsewhere. */
  sha256?: string
}
