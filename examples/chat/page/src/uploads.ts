import { Observable } from './observable.ts'
import type { Attachment } from './protocol.ts'
import { inWords } from './request.ts'
import { discardFile, sendFile } from './send-file.ts'

export interface Upload {
  readonly key: number
  readonly file: File
  /** Of an image, from the file itself. */
  readonly preview: string | null
  readonly state: 'uploading' | 'done' | 'failed'
  /** 0 to 1. */
  readonly progress: number
  readonly attachment: Attachment | null
  /** Why it failed, in words. */
  readonly reason: string | null
}

/** The files of the message that is being written. */
export class Uploads extends Observable<{ files: readonly Upload[] }> {
  readonly #aborts = new Map<number, AbortController>()
  #lastKey = 0

  constructor() {
    super({ files: [] })
  }

  get busy(): boolean {
    return this.state.files.some(({ state }) => state === 'uploading')
  }

  async add(files: Iterable<File>): Promise<void> {
    await Promise.all(Array.from(files, (file) => this.#start(file)))
  }

  async retry(upload: Upload): Promise<void> {
    this.#drop(upload.key)
    await this.#start(upload.file)
  }

  /** Cancels an upload that runs, and discards one that is done, be it since it was last shown. */
  async remove({ key }: Upload): Promise<void> {
    const now = this.state.files.find((upload) => upload.key === key)
    this.#aborts.get(key)?.abort()
    this.#drop(key)
    if (now?.attachment) await discardFile(now.attachment.id)
  }

  /** Hands over what is uploaded; what failed stays. */
  take(): Attachment[] {
    const done = this.state.files.flatMap(({ attachment }) => attachment ?? [])
    this.update({ files: this.state.files.filter(({ attachment }) => !attachment) })
    return done
  }

  async #start(file: File): Promise<void> {
    const key = ++this.#lastKey
    const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : null
    const upload: Upload = { key, file, preview, state: 'uploading', progress: 0, attachment: null, reason: null }
    this.update({ files: [...this.state.files, upload] })
    const abort = new AbortController()
    this.#aborts.set(key, abort)
    try {
      const onProgress = (progress: number) => this.#change(key, { progress })
      const attachment = await sendFile(file, { signal: abort.signal, onProgress })
      if (preview) previews.set(attachment.id, preview)
      this.#change(key, { state: 'done', progress: 1, attachment })
    } catch (error) {
      this.#change(key, { state: 'failed', reason: inWords(error) })
    }
    this.#aborts.delete(key)
  }

  #change(key: number, part: Partial<Upload>): void {
    this.update({ files: this.state.files.map((upload) => (upload.key === key ? { ...upload, ...part } : upload)) })
  }

  #drop(key: number): void {
    this.update({ files: this.state.files.filter((upload) => upload.key !== key) })
  }
}

const previews = new Map<string, string>()

/** Where to see an image: the file that was just uploaded from here, or the server's copy. */
export function previewOf({ id, preview_url }: Attachment): string | undefined {
  return previews.get(id) ?? preview_url
}
