import { type AttachmentCall, attachmentCall, type EndpointOptions } from './attachment-call.ts'
import { type PutOptions, putBytes, type UploadTarget } from './put-bytes.ts'
import { noAnswer, UploadError } from './upload-error.ts'
import type { UploadRecord } from './upload-record.ts'

export interface UploadFileOptions {
  /** Called with the fraction of the bytes that left, from 0 to 1; less again when they are sent once more. */
  onProgress?: (fraction: number) => void
  /** Cancels the upload. */
  signal?: AbortSignal
  /** How long nothing may happen until a request counts as lost, in milliseconds. Default 60,000. */
  timeoutMs?: number
  /**
   * Where `attachmentsHandler` is mounted, or a function that calls it, to say how the upload ended. Default: nobody is
   * told, and the bytes are verified when the attachment is first loaded.
   */
  complete?: string | URL | AttachmentCall
  /** For the requests to `complete`, such as `authorization`. Default: none; cookies of the same site go along. */
  headers?: Readonly<Record<string, string>>
  /** How often a request that got no answer is sent again. Default 3. */
  retries?: number
}

/**
 * Uploads the bytes of an attachment as `createAttachment` said, then completes it: gives what the server knows of it,
 * or `undefined` when nobody was told. A request that got no answer is sent again, and so are 408, 429 and 5xx; bytes
 * that may have arrived although no answer came are left to `complete` to find. Refused, lost for good or aborted, it
 * says `attachment.fail` with the reason and rejects with an `UploadError`; an attachment that is complete by then, as
 * when it was aborted while the server answered, is deleted: once this rejects, nothing of it is left to be found.
 */
export async function uploadFile(
  attachment: UploadTarget,
  file: Blob,
  options: UploadFileOptions = {},
): Promise<UploadRecord | undefined> {
  const { signal, complete, onProgress = () => {}, timeoutMs = 60_000, headers = {}, retries = 3 } = options
  const { id } = attachment
  const call = callOf(complete, { headers, timeoutMs })
  try {
    const doubt = await send(attachment, file, { onProgress, timeoutMs, signal }, retries)
    if (doubt && !call) throw doubt
    onProgress(1)
    const record = call && (await finish(id, call, doubt, { retries, signal }))
    signal?.throwIfAborted()
    return record
  } catch (error) {
    const failure = signal?.aborted ? noAnswer(error, signal) : error
    const reason = failure instanceof Error ? failure.message : 'the upload failed'
    if (call) await takeBack(id, reason, call).catch(() => {}) // it has failed, whoever hears of it
    throw failure
  }
}

/** Only the server knows whether it was complete before the client gave up. */
async function takeBack(id: string, reason: string, call: AttachmentCall): Promise<void> {
  await call('attachment.fail', { id, reason }, undefined).catch(async (error: unknown) => {
    if (hasCode(error, 'conflict')) await call('attachment.delete', { id }, undefined)
  })
}

/**
 * Resolves when the bytes are there; with the last fault, when they may be there although no answer said so. A create-only
 * upload that is refused because of its own bytes says so even to the first request, which a browser may have sent twice.
 */
async function send(
  attachment: UploadTarget,
  file: Blob,
  options: PutOptions,
  retries: number,
): Promise<UploadError | undefined> {
  let lost = false
  try {
    await again(retries, options.signal, async () => {
      await putBytes(attachment, file, options).catch((error: UploadError) => {
        lost ||= error.passing
        throw error
      })
    })
    return undefined
  } catch (error) {
    if (error instanceof UploadError && (error.code === 'conflict' || (lost && mayBeThere(error)))) return error
    throw error
  }
}

/** Azure refuses what is there with 403. */
function mayBeThere(error: UploadError): boolean {
  return error.passing || error.status === 403
}

/** Completes it; when there are no bytes after all, the fault is why they did not arrive. */
async function finish(
  id: string,
  call: AttachmentCall,
  doubt: UploadError | undefined,
  { retries, signal }: { retries: number; signal: AbortSignal | undefined },
): Promise<UploadRecord | undefined> {
  try {
    const record = await again(retries, signal, () => call('attachment.complete', { id }, signal))
    return (record as UploadRecord | null) ?? undefined
  } catch (error) {
    throw doubt && hasCode(error, 'object_missing') ? doubt : error
  }
}

/** Runs it until it gets an answer, each time after a longer pause. */
async function again<T>(retries: number, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  for (let left = retries, pause = 250; ; left--, pause *= 2) {
    try {
      signal?.throwIfAborted()
      return await run()
    } catch (error) {
      if (!(error instanceof UploadError && error.passing) || left <= 0) throw error
      await waited(pause + Math.random() * pause, signal)
    }
  }
}

function waited(millis: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, millis)
    signal?.addEventListener('abort', done, { once: true })
    function done() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
  })
}

function callOf(complete: UploadFileOptions['complete'], options: EndpointOptions): AttachmentCall | undefined {
  return complete === undefined || typeof complete === 'function' ? complete : attachmentCall(complete, options)
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
