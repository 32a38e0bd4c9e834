import { noAnswer, refusal, UploadError } from './upload-error.ts'

/** As much of the browser's XMLHttpRequest as is needed: `fetch` cannot tell how much it has sent. */
interface Xhr {
  readonly status: number
  readonly upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null }
  onload: (() => void) | null
  onerror: (() => void) | null
  onabort: (() => void) | null
  open(method: string, url: string): void
  setRequestHeader(name: string, value: string): void
  send(body: Blob | FormData): void
  abort(): void
}
declare const XMLHttpRequest: new () => Xhr

/** How a client uploads the bytes, as `createAttachment` answered it. */
export interface UploadTarget {
  readonly id: string
  readonly mime_type: string
  readonly upload_descriptor?: {
    readonly url: string
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
  } | null
  readonly upload_url?: string | null
}

/** @internal */
export interface PutOptions {
  readonly onProgress: (fraction: number) => void
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** Sends the bytes once. Refused, without an answer or aborted, it rejects with an `UploadError`. @internal */
export function putBytes(target: UploadTarget, file: Blob, options: PutOptions): Promise<void> {
  const { onProgress, timeoutMs, signal } = options
  const { url, method, headers, body } = requestOf(target, file)
  const xhr = new XMLHttpRequest()
  const abort = () => xhr.abort()
  let timer: ReturnType<typeof setTimeout> | undefined
  const waitOn = () => {
    clearTimeout(timer)
    timer = setTimeout(abort, timeoutMs)
  }
  const sent = new Promise<void>((resolve, reject) => {
    xhr.upload.onprogress = ({ loaded, total }) => {
      waitOn()
      onProgress(total > 0 ? loaded / total : 1)
    }
    xhr.onload = () => (xhr.status >= 200 && xhr.status < 300 ? resolve() : reject(refusal(xhr.status)))
    xhr.onerror = () => reject(new UploadError('unavailable', 'the connection was lost'))
    xhr.onabort = () =>
      reject(signal?.aborted ? noAnswer(undefined, signal) : new UploadError('timeout', 'the upload made no progress'))
  })
  signal?.addEventListener('abort', abort)
  xhr.open(method, url)
  for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
  waitOn()
  xhr.send(body)
  return sent.finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  })
}

/** Without a descriptor, a form with the field `file`. */
function requestOf({ mime_type, upload_descriptor, upload_url }: UploadTarget, file: Blob) {
  if (upload_descriptor) return { ...upload_descriptor, body: file }
  if (!upload_url) throw new UploadError('invalid_argument', 'the attachment says nothing of how to upload it')
  const body = new FormData()
  body.append('file', new Blob([file], { type: mime_type }))
  return { url: upload_url, method: 'POST', headers: {}, body }
}
