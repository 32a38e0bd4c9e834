import type { Attachment, Store } from '@threadkeep/core'
import type { Storage, StorageOptions } from '@threadkeep/storage'
import type {
  AttachmentGap,
  AttachmentTargetOptions,
  CompleteAttachmentStore,
} from '../attachments/attachment-target.ts'
import type { Answer } from '../attachments/http.ts'
import type { SuiteContext } from '../suite-context.ts'
import type { StorageContext } from './storage-target.ts'

/** One promise of a storage, and how to see that it holds. */
export interface StorageCase {
  /** `group/name`, stable, for reports. */
  readonly id: string
  /** What the storage promises, in a sentence. */
  readonly promise: string
  /** Makes dozens of uploads: allow minutes on a slow backend. */
  readonly slow?: boolean
  /** Runs only where the attachment store enforces it; skipped elsewhere. */
  readonly needs?: 'createOnly'
  /** An attachment store may declare this gap; `opposite` runs for it instead, or nothing. */
  readonly gap?: AttachmentGap
  /** Rejects when the promise does not hold. */
  run(trial: StorageTrial): Promise<void>
  /** What a storage over an attachment store with the declared gap promises instead. */
  opposite?(trial: StorageTrial): Promise<void>
}

/** A storage with what is behind it. */
export interface OpenStorage {
  readonly storage: Storage<StorageContext>
  readonly store: Store<SuiteContext>
  readonly attachments: CompleteAttachmentStore
}

/**
 * What a case has to work with. Another tenant holds the thread `t1` with the message `m1` and its attachment `a1`, which
 * must stay untouched. URLs last for days, and so does what is deleted: sweeps of other runs pass by.
 */
export interface StorageTrial extends OpenStorage {
  /** Who uploads: a user of a scope that nobody used before. */
  readonly context: StorageContext
  /** Another user of the same scope. */
  readonly colleague: StorageContext
  /** A user of the same name in a further scope that nobody used before; `mark` is put at its end. */
  stranger(mark?: string): StorageContext
  /** How often a race for one upload is to be run. */
  readonly races: number
  /** A further storage over the same pair, with instances of its own; closed after the case. */
  open(options?: StorageTrialOptions): Promise<OpenStorage>
  /** As the target makes storages. */
  createStorage(options: StorageOptions<StorageContext>): Storage<StorageContext>
  /** Sends exactly the request of the `upload_descriptor`, over HTTP. */
  upload(attachment: Attachment, bytes: Uint8Array<ArrayBuffer>): Promise<Answer>
}

export interface StorageTrialOptions
  extends Partial<Pick<StorageOptions<StorageContext>, 'canDelete' | 'restoreWindow'>> {
  /** What the attachment store takes. Default: its own. */
  readonly limits?: Pick<AttachmentTargetOptions, 'maxBytes' | 'allowedTypes'>
  /** How long upload URLs last, in seconds. Default: three days. */
  readonly expiresIn?: number
  /** The scope of the attachment store. Default: that of the store. */
  readonly attachmentScope?: (context: SuiteContext) => string
}
