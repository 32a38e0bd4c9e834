import type { AttachmentStore, BlobContent, BlobInfo, BodyInput, Enforces } from '@threadkeep/core'
import type { AttachmentUrlOptions, ReadAttachmentOptions, WriteAttachmentOptions } from '@threadkeep/core/driver'
import type { TargetFacts } from '../report/target-facts.ts'
import type { SuiteContext } from '../suite-context.ts'

/** How the suite gets at an attachment store, over one backend that stays the same for all cases. */
export interface AttachmentTarget extends TargetFacts {
  /**
   * An attachment store over the backend, ready for use (set up), whose URLs answer over HTTP. It is called many times:
   * every call gives a further instance over the same backend, and the suite closes each. All options must reach the
   * store's constructor as they are, also bad ones.
   */
  open(options: AttachmentTargetOptions): Promise<CompleteAttachmentStore>
  /** What this store cannot do, each with the reason in words; the opposite cases run instead. Default: nothing. */
  readonly gaps?: Readonly<Partial<Record<AttachmentGap, string>>>
  /** Keys and passwords of the backend, which must be in no URL and no message. Default: none, and nothing is looked for. */
  readonly secrets?: readonly string[]
  /** Runs when all cases have run. */
  close?(): Promise<void>
}

export interface AttachmentTargetOptions {
  readonly scope: (context: SuiteContext) => string
  readonly prefix?: string
  readonly maxBytes?: number
  readonly allowedTypes?: readonly string[]
  readonly expiresIn?: number
}

/**
 * `createAttachment`: the store names no uploads; createAttachment must then reject with `not_supported`.
 * `bounded-memory`: the store holds what it writes or reads; a transfer must then be seen to take memory.
 * `broken-off-upload`: the backend keeps the part of an upload that came; its size must then say so.
 */
export type AttachmentGap = 'createAttachment' | 'bounded-memory' | 'broken-off-upload'

/** An attachment store with everything that the suite looks at; every store over a driver is one. */
export interface CompleteAttachmentStore extends AttachmentStore<SuiteContext> {
  readonly enforces: Enforces
  readAttachment(id: string, context: SuiteContext, options?: ReadAttachmentOptions): Promise<BlobContent>
  writeAttachment(
    id: string,
    data: BodyInput,
    context: SuiteContext,
    options?: WriteAttachmentOptions,
  ): Promise<BlobInfo>
  headAttachment(id: string, context: SuiteContext): Promise<BlobInfo | undefined>
  attachmentUrl(id: string, context: SuiteContext, options?: AttachmentUrlOptions): Promise<string>
}
