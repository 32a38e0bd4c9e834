/** A body from its beginning on, of which the beginning was read ahead. */
export interface PeekedBody {
  /** Whether it has at most as many bytes as were asked for; then all of it is in memory. */
  readonly isShort: boolean
  readonly body: AsyncGenerator<Uint8Array>
}

/** Reads ahead until it is known whether a body has more than `bytes`. */
export async function peekBody(source: AsyncGenerator<Uint8Array>, bytes: number): Promise<PeekedBody> {
  const chunks: Uint8Array[] = []
  for (let read = 0; read <= bytes; ) {
    const { done, value } = await source.next()
    if (done) return { isShort: true, body: joined(chunks, source) }
    chunks.push(value)
    read += value.byteLength
  }
  return { isShort: false, body: joined(chunks, source) }
}

/** Lets go of each chunk that was given. */
async function* joined(chunks: Uint8Array[], rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) yield chunk
  yield* rest
}
