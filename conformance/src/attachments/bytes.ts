import { createHash } from 'node:crypto'

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** All bytes of a stream. */
export async function allOf({ body }: { readonly body: ReadableStream<Uint8Array> }): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export async function textOf(content: { readonly body: ReadableStream<Uint8Array> }): Promise<string> {
  return (await allOf(content)).toString()
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Bytes that are different at every place, so that none can be missing or out of order. */
export function patternOf(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at += 1) bytes[at] = (at * 31 + (at >>> 8) * 17 + (at >>> 16) * 7) & 255
  return bytes
}

/** The bytes in chunks of an odd size; with `failure`, it fails where the bytes would end. */
export function streamOf(bytes: Uint8Array, failure?: Error): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = bytes.slice(at, at + 65_521)
        at += chunk.byteLength
        if (chunk.byteLength > 0) controller.enqueue(chunk)
        else if (failure) controller.error(failure)
        else controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
