import { type Attachment, type AttachmentCreateParams, AttachmentStore, type Finding } from '@threadkeep/core'
import { silentWhenAbsent } from './rows.ts'
import type { Faces } from './tenant.ts'
import type { UploadLife } from './upload-life.ts'
import type { Uploads } from './uploads.ts'

/** An attachment store that knows what becomes of the uploads it hands out. @internal */
export class StorageAttachments<TContext> extends AttachmentStore<TContext> {
  readonly #attachments: AttachmentStore<TContext>
  readonly #faces: Faces<TContext>
  readonly #life: UploadLife<TContext>
  readonly #uploads: Uploads<TContext>
  readonly #actor: (context: TContext) => string

  constructor(
    attachments: AttachmentStore<TContext>,
    faces: Faces<TContext>,
    life: UploadLife<TContext>,
    uploads: Uploads<TContext>,
    actor: (context: TContext) => string,
  ) {
    super()
    this.#attachments = attachments
    this.#faces = faces
    this.#life = life
    this.#uploads = uploads
    this.#actor = actor
  }

  override generateAttachmentId(mimeType: string, context: TContext): string {
    return this.#attachments.generateAttachmentId(mimeType, context)
  }

  /** As the attachment store's own; its row is written before anybody gets the URL. */
  override async createAttachment(params: AttachmentCreateParams, context: TContext): Promise<Attachment> {
    const attachment = await this.#attachments.createAttachment(params, context)
    const { size, sha256 } = params
    const { expiresIn } = this.#faces.objects
    await this.#life.begin(attachment, { size, sha256, expiresIn, uploadedBy: this.#actor(context) }, context)
    return attachment
  }

  /** Hides the attachment at once; its bytes go after the restore window. Silent when absent. */
  override async deleteAttachment(attachmentId: string, context: TContext): Promise<void> {
    await silentWhenAbsent(this.#uploads.delete(attachmentId, {}, context))
  }

  override setup(): Promise<void> {
    return this.#attachments.setup()
  }

  override ping(): Promise<void> {
    return this.#attachments.ping()
  }

  override check(): Promise<Finding[]> {
    return this.#attachments.check()
  }

  override close(): Promise<void> {
    return this.#attachments.close()
  }
}
