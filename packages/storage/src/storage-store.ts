import {
  type Attachment,
  type Finding,
  type Order,
  type Page,
  Store,
  type StoreItemType,
  type ThreadItem,
  type ThreadMetadata,
} from '@threadkeep/core'
import { Binding, settled } from './binding.ts'
import { type ItemWithContents, snapshotOf } from './pending-contents.ts'
import { hasAttachments, withoutUrls, withPreview, withPreviews } from './previews.ts'
import { attachmentIdsOf, release } from './release.ts'
import { type Rows, silentWhenAbsent } from './rows.ts'
import { type Faces, sharedScope } from './tenant.ts'
import type { UploadLife } from './upload-life.ts'
import { attachmentOf } from './upload-state.ts'
import type { Uploads } from './uploads.ts'

/**
 * A store whose attachments can be trusted: one is usable only when its bytes are there and are what was announced, it
 * is bound to the thread of its message, and no URL is ever stored. Everything else is the store it was made from.
 * @internal
 */
export class StorageStore<TContext> extends Store<TContext> {
  readonly #store: Store<TContext>
  readonly #faces: Faces<TContext>
  readonly #rows: Rows<TContext>
  readonly #life: UploadLife<TContext>
  readonly #uploads: Uploads<TContext>

  constructor(
    store: Store<TContext>,
    faces: Faces<TContext>,
    rows: Rows<TContext>,
    life: UploadLife<TContext>,
    uploads: Uploads<TContext>,
  ) {
    super()
    this.#store = store
    this.#faces = faces
    this.#rows = rows
    this.#life = life
    this.#uploads = uploads
  }

  override generateThreadId(context: TContext): string {
    return this.#store.generateThreadId(context)
  }

  override generateItemId(type: StoreItemType, thread: ThreadMetadata, context: TContext): string {
    return this.#store.generateItemId(type, thread, context)
  }

  override async loadThread(threadId: string, context: TContext): Promise<ThreadMetadata> {
    return this.#storeFor(context).loadThread(threadId, context)
  }

  override async saveThread(thread: ThreadMetadata, context: TContext): Promise<void> {
    return this.#storeFor(context).saveThread(thread, context)
  }

  /**
   * Releases the thread's attachments first: a crash in between is put right by the sweep, which finds the thread. And
   * afterwards too: a sweep that looked in between has found it as well.
   */
  override async deleteThread(threadId: string, context: TContext): Promise<void> {
    const scope = sharedScope(this.#faces, context)
    await this.#faces.ledger.releaseAttachments(scope, threadId, settled())
    await this.#store.deleteThread(threadId, context)
    await this.#faces.ledger.releaseAttachments(scope, threadId, settled())
  }

  override async loadThreads(
    limit: number,
    after: string | null,
    order: Order,
    context: TContext,
  ): Promise<Page<ThreadMetadata>> {
    return this.#storeFor(context).loadThreads(limit, after, order, context)
  }

  override async loadThreadItems(
    threadId: string,
    after: string | null,
    limit: number,
    order: Order,
    context: TContext,
  ): Promise<Page<ThreadItem>> {
    const page = await this.#storeFor(context).loadThreadItems(threadId, after, limit, order, context)
    return { ...page, data: await Promise.all(page.data.map((item) => this.#shown(item, context))) }
  }

  /** Contents among the attachments are stored first, and removed again when the item is refused. */
  override addThreadItem(threadId: string, item: ThreadItem | ItemWithContents, context: TContext): Promise<void> {
    return this.#bound(threadId, item, context, (kept) => this.#store.addThreadItem(threadId, kept, context))
  }

  override saveItem(threadId: string, item: ThreadItem | ItemWithContents, context: TContext): Promise<void> {
    return this.#bound(threadId, item, context, (kept) => this.#store.saveItem(threadId, kept, context))
  }

  override async loadItem(threadId: string, itemId: string, context: TContext): Promise<ThreadItem> {
    return this.#shown(await this.#storeFor(context).loadItem(threadId, itemId, context), context)
  }

  /** Releases the message's attachments as `deleteThread` does: those that no other message has go with it. */
  override async deleteThreadItem(threadId: string, itemId: string, context: TContext): Promise<void> {
    const message = { scope: sharedScope(this.#faces, context), threadId, itemId }
    const ids = await attachmentIdsOf(this.#store, message, context)
    for (const id of ids) await release(this.#rows, message, id, context)
    await this.#store.deleteThreadItem(threadId, itemId, context)
    for (const id of ids) await release(this.#rows, message, id, context)
  }

  /** Into the ledger, where attachments are looked for: of one with a row only the body is replaced. */
  override async saveAttachment(attachment: Attachment, context: TContext): Promise<void> {
    const unmoved = { state: '', due: null, threadId: null }
    await this.#faces.ledger.putAttachment(sharedScope(this.#faces, context), withoutUrls(attachment), unmoved)
  }

  /** The attachment, verified when it is first loaded. Bytes missing: `object_missing`; wrong: it fails for good. */
  override async loadAttachment(attachmentId: string, context: TContext): Promise<Attachment> {
    const { entry, state } = await this.#life.requireUsable(await this.#rows.find(attachmentId, context), context)
    return withPreview(this.#faces.objects, entry.scope, attachmentOf(entry.attachment, state))
  }

  override async deleteAttachment(attachmentId: string, context: TContext): Promise<void> {
    await silentWhenAbsent(this.#uploads.delete(attachmentId, {}, context))
  }

  override setup(): Promise<void> {
    return this.#store.setup()
  }

  override ping(): Promise<void> {
    return this.#store.ping()
  }

  override check(): Promise<Finding[]> {
    return this.#store.check()
  }

  override close(): Promise<void> {
    return this.#store.close()
  }

  /** The store, for a context that means the same tenant to both adapters. */
  #storeFor(context: TContext): Store<TContext> {
    sharedScope(this.#faces, context)
    return this.#store
  }

  async #shown(item: ThreadItem, context: TContext): Promise<ThreadItem> {
    return hasAttachments(item) ? withPreviews(this.#faces.objects, sharedScope(this.#faces, context), item) : item
  }

  async #bound(
    threadId: string,
    item: ThreadItem | ItemWithContents,
    context: TContext,
    save: (item: ThreadItem) => Promise<void>,
  ): Promise<void> {
    const scope = sharedScope(this.#faces, context)
    if (!hasAttachments(item)) return save(item as ThreadItem)
    const snapshot = snapshotOf(item as ItemWithContents)
    const binding = new Binding(
      this.#rows,
      this.#life,
      this.#uploads,
      { scope, threadId, itemId: snapshot.id },
      context,
    )
    const attachments = await binding.bindAll(snapshot.attachments)
    await binding.unlessRefused(save({ ...snapshot, attachments } as ThreadItem))
  }
}
