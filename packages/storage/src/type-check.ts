import { type AttachmentStore, InternalServerError, StorageError } from '@threadkeep/core'

export interface TypeCheckOptions {
  /**
   * The media type that the first bytes of a file look like (up to 4,100 of them), or `undefined` when they do not tell:
   * then what was announced stands. Default: nobody looks.
   */
  detectType?: (firstBytes: Uint8Array, announced: string) => string | undefined | Promise<string | undefined>
  /**
   * What becomes of an upload that looks like another type than was announced. `reject`: it fails with
   * `unsupported_type`. `correct`: the type becomes the detected one, if the attachment store takes it. `trust`: it stays
   * as announced, and the record's `detectedType` says what it looks like. Default `reject`.
   */
  onTypeMismatch?: 'reject' | 'correct' | 'trust'
}

/** What was announced of a file. */
interface Announced {
  readonly name: string
  readonly size: number
  readonly type: string
}

/** What is known of a file's type. */
interface CheckedType {
  readonly type: string
  readonly detectedType?: string
}

const generic = 'application/octet-stream'

/** Compares what bytes look like with what they were announced as. @internal */
export class TypeCheck<TContext> {
  readonly #attachments: AttachmentStore<TContext>
  readonly #options: TypeCheckOptions

  constructor(attachments: AttachmentStore<TContext>, options: TypeCheckOptions) {
    const { detectType, onTypeMismatch = 'reject' } = options
    if (detectType !== undefined && typeof detectType !== 'function') {
      throw new StorageError('configuration', 'option detectType must be a function')
    }
    if (!['reject', 'correct', 'trust'].includes(onTypeMismatch)) {
      throw new StorageError('configuration', "option onTypeMismatch must be 'reject', 'correct' or 'trust'")
    }
    this.#attachments = attachments
    this.#options = { ...options, onTypeMismatch }
  }

  /** Whether anybody looks at first bytes. */
  get looks(): boolean {
    return this.#options.detectType !== undefined
  }

  /** The type to go by, or the fault. */
  async check(firstBytes: Uint8Array, file: Announced, context: TContext): Promise<CheckedType | StorageError> {
    const { type } = file
    const { onTypeMismatch } = this.#options
    const detectedType = await this.#detect(firstBytes, type)
    if (detectedType === undefined || agrees(type, detectedType)) return { type }
    if (onTypeMismatch === 'correct') return this.#corrected(file, detectedType, context)
    if (onTypeMismatch === 'trust' || type === generic) return { type, detectedType }
    return new StorageError('unsupported_type', `the file looks like ${detectedType}, not like the ${type} announced`)
  }

  async #detect(firstBytes: Uint8Array, announced: string): Promise<string | undefined> {
    try {
      const detected = await this.#options.detectType?.(firstBytes, announced)
      return detected?.split(';')[0]?.trim().toLowerCase() || undefined
    } catch (cause) {
      throw new InternalServerError('option detectType threw', { cause })
    }
  }

  /** An attachment store that would not have taken this type does not get it this way either. */
  async #corrected({ name, size }: Announced, type: string, context: TContext): Promise<CheckedType | StorageError> {
    try {
      await this.#attachments.createAttachment({ name, size, mime_type: type }, context)
      return { type, detectedType: type }
    } catch (error) {
      if (error instanceof StorageError && error.code === 'unsupported_type') return error
      throw error
    }
  }
}

/** What other formats are made of: what is inside, the first bytes do not tell. */
const containers = /^(application|text)\/(zip|xml|cfb|gzip)$/
const contained = /\/vnd\.|\+(zip|xml|gzip)$|\/(xml|msword|java-archive|tgz|gtar)$/

/** Whether bytes of the detected type may be called what they were announced as: some types have several names. */
function agrees(announced: string, detected: string): boolean {
  const [one, other] = [plain(announced), plain(detected)]
  return one === other || (isPlayed(one) && isPlayed(other)) || (containers.test(other) && contained.test(one))
}

function plain(type: string): string {
  return type
    .replace('/x-', '/')
    .replace(/\/p?jpg$/, '/jpeg')
    .replace('zip-compressed', 'zip')
}

/** Sound and film share their containers. */
function isPlayed(type: string): boolean {
  return /^(audio|video)\/|^application\/ogg$/.test(type)
}
