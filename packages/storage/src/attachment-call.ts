import { noAnswer, refusal, UploadError } from './upload-error.ts'

/** Calls one of the methods of `attachmentsHandler`, and gives its `data`. */
export type AttachmentCall = (
  method: 'attachment.complete' | 'attachment.fail' | 'attachment.delete',
  params: { id: string; reason?: string },
  signal: AbortSignal | undefined,
) => Promise<unknown>

/** @internal */
export interface EndpointOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
}

interface Answer {
  data?: unknown
  error?: { code: string; message: string }
}

/**
 * Calls `attachmentsHandler` where it is mounted. What it refuses is an `UploadError` with its code and its words.
 * @internal
 */
export function attachmentCall(url: string | URL, { headers, timeoutMs }: EndpointOptions): AttachmentCall {
  return async (method, params, signal) => {
    const late = AbortSignal.timeout(timeoutMs)
    const lost = (cause: unknown): never => {
      if (late.aborted) throw new UploadError('timeout', 'the server did not answer in time', 0, { cause })
      throw noAnswer(cause, signal)
    }
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ method, params }),
      signal: signal ? AbortSignal.any([signal, late]) : late,
      keepalive: true, // a page that is left still tells why
    }).catch(lost)
    const { data, error } = (await response.json().catch(response.ok ? lost : () => ({}))) as Answer
    if (response.ok) return data ?? null
    const fault = refusal(response.status, error?.message)
    throw error && !fault.passing ? new UploadError(error.code, error.message, fault.status) : fault
  }
}
