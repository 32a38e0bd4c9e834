import { type Attachment, type AttachmentStore, type BlobInfo, StorageError } from '@threadkeep/core'
import { Content, type ContentHome, type ContentInit } from './content.ts'
import { deletedState, type Rows, silentWhenAbsent } from './rows.ts'
import { type Faces, sharedScope } from './tenant.ts'
import type { UploadLife } from './upload-life.ts'
import { attachmentOf, kindOf, stateOf } from './upload-state.ts'

/** What contents need of an attachment store; those over a driver have it. */
interface Writer<TContext> {
  writeAttachment(
    id: string,
    bytes: Uint8Array,
    context: TContext,
    options: { name: string; type: string },
  ): Promise<BlobInfo>
}

/** @internal */
export interface ContentsOptions<TContext> {
  readonly attachments: AttachmentStore<TContext>
  readonly actor: (context: TContext) => string
  /** Where `filesHandler` is mounted. */
  readonly filesUrl: string
}

/**
 * Files of the server's own, each stored with a row of its own before its bytes, so that a sweep finds what a crash leaves.
 * @internal
 */
export class Contents<TContext> {
  readonly #faces: Faces<TContext>
  readonly #rows: Rows<TContext>
  readonly #life: UploadLife<TContext>
  readonly #options: ContentsOptions<TContext>

  constructor(
    faces: Faces<TContext>,
    rows: Rows<TContext>,
    life: UploadLife<TContext>,
    options: ContentsOptions<TContext>,
  ) {
    this.#faces = faces
    this.#rows = rows
    this.#life = life
    this.#options = options
  }

  open(init: ContentInit, context: TContext): Content {
    const home: ContentHome = {
      scope: sharedScope(this.#faces, context),
      backend: this.#faces.objects.backend,
      filesUrl: this.#options.filesUrl,
      put: (name, type, bytes) => this.#put(name, type, bytes, context),
      get: (fileId) => this.#get(fileId, context),
      drop: (fileId) => silentWhenAbsent(this.#drop(fileId, context)),
    }
    return new Content(init, home)
  }

  async #put(name: string, type: string, bytes: Uint8Array, context: TContext): Promise<Attachment> {
    const { attachments, actor } = this.#options
    if (!isWriter<TContext>(attachments)) {
      throw new StorageError('not_supported', 'this attachment store takes no bytes from the server')
    }
    const id = attachments.generateAttachmentId(type, context)
    const attachment = { type: kindOf(type), id, name, mime_type: type } as Attachment
    await this.#life.begin(attachment, { size: bytes.byteLength, uploadedBy: actor(context), expiresIn: 0 }, context)
    try {
      await attachments.writeAttachment(id, bytes, context, { name, type })
    } catch (error) {
      await this.#giveUp(id, error, context)
      throw error
    }
    const { state } = await this.#life.requireUsable(await this.#rows.find(id, context), context)
    return attachmentOf(attachment, state)
  }

  /** If this fails too, the sweep finds the row. */
  async #giveUp(id: string, error: unknown, context: TContext): Promise<void> {
    const reason = error instanceof StorageError ? error.message : 'the bytes could not be stored'
    const fail = async () => {
      const entry = await this.#rows.find(id, context)
      const state = stateOf(entry)
      if (state) await this.#life.fail({ entry, state }, reason)
    }
    await Promise.allSettled([fail()])
  }

  async #get(fileId: string, context: TContext): Promise<Uint8Array> {
    const entry = await this.#rows.findIfKnown(fileId, context)
    if (entry) await this.#life.requireUsable(entry, context)
    const scope = sharedScope(this.#faces, context)
    const content = await this.#faces.objects.read(scope, fileId, { range: null, signal: null })
    if (!content) throw new StorageError('object_missing', `attachment ${fileId} has no bytes`)
    return Buffer.concat(await Array.fromAsync(content.body))
  }

  async #drop(fileId: string, context: TContext): Promise<void> {
    const entry = await this.#rows.findIfKnown(fileId, context)
    if (entry?.threadId !== null) return
    if (!(await this.#rows.move(entry, { state: deletedState(entry), due: new Date() }))) {
      return this.#drop(fileId, context)
    }
    await this.#faces.objects.delete(entry.scope, fileId)
  }
}

function isWriter<TContext>(attachments: object): attachments is Writer<TContext> {
  return 'writeAttachment' in attachments && typeof attachments.writeAttachment === 'function'
}
