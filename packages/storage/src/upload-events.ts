import type { UploadRecord } from './upload-record.ts'

/** An upload whose status changed, and the scope it belongs to: a sweep has no context. */
export interface UploadEvent extends UploadRecord {
  readonly scope: string
}

export type UploadListener = (upload: UploadEvent) => void | Promise<void>

/** What a server may want to hear of uploads. */
export interface UploadListeners {
  /** The bytes are there and are what was announced. */
  onComplete?: UploadListener
  /** The client gave up, the bytes were not what was announced, or none came in time; `reason` says which. */
  onFailed?: UploadListener
  /** It is hidden from now on, because somebody deleted it or its thread; the record is what it was before. */
  onDeleted?: UploadListener
}

const names = { complete: 'onComplete', failed: 'onFailed', deleted: 'onDeleted' } as const

/**
 * Tells the listener, and waits for it, so that a server that is frozen after its answer has done what it does. What it
 * throws becomes a warning of the process: the step is taken already, and whoever took it did nothing wrong.
 * @internal
 */
export async function tell(
  listeners: UploadListeners,
  status: keyof typeof names,
  { scope, ...upload }: UploadEvent,
): Promise<void> {
  const name = names[status]
  try {
    await listeners[name]?.({ scope, ...upload })
  } catch (error) {
    const detail = error instanceof Error ? error.stack : String(error)
    const warning = `${name} threw for attachment ${upload.id}, which stays ${status}`
    process.emitWarning(warning, { type: 'ThreadkeepWarning', code: 'THREADKEEP_LISTENER', ...(detail && { detail }) })
  }
}
