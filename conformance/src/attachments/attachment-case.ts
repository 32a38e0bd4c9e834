import type { Level } from '../levels.ts'
import type { SuiteContext } from '../suite-context.ts'
import type { AttachmentGap, AttachmentTargetOptions, CompleteAttachmentStore } from './attachment-target.ts'

/** One promise of the contract of attachment stores, and how to see that it holds. */
export interface AttachmentCase {
  /** `group/name`, stable, for reports. */
  readonly id: string
  /** What the attachment store promises, in a sentence. */
  readonly promise: string
  /** Moves many megabytes or waits for a URL to expire: allow minutes on a slow backend. */
  readonly slow?: boolean
  /** Default: `concurrent` in the group of that name, `core` elsewhere. */
  readonly level?: Level
  /** Runs only for stores whose `handler` answers their URLs, that name `uploads`, or for targets with `secrets`. */
  readonly needs?: 'handler' | 'uploads' | 'secrets'
  /** A store may declare this gap; `opposite` runs for it instead, or nothing. */
  readonly gap?: AttachmentGap
  /** Rejects when the promise does not hold. */
  run(trial: AttachmentTrial): Promise<void>
  /** What a store with the declared gap promises instead. */
  opposite?(trial: AttachmentTrial): Promise<void>
}

/** What a case has to work with. Another tenant holds bytes under the ids `a1` and `a2`, which must stay untouched. */
export interface AttachmentTrial {
  readonly store: CompleteAttachmentStore
  /** Of a scope that nobody used before. */
  readonly context: SuiteContext
  /** Of a further scope that nobody used before; `mark` is put at its end. */
  stranger(mark?: string): SuiteContext
  /** A further instance over the same backend; closed after the case. */
  open(options?: Partial<AttachmentTargetOptions>): Promise<CompleteAttachmentStore>
  /** What nobody may be told. */
  readonly secrets: readonly string[]
}
