import { StorageError } from '@threadkeep/core'
import type { Storage } from './create-storage.ts'
import { answering, type Handler, identify } from './error-response.ts'

export interface AttachmentsHandlerOptions<TContext> {
  /** Who asks; when it throws, the answer is 403. */
  context: (request: Request) => TContext | Promise<TContext>
}

/**
 * A fetch-style handler for the three calls of a client that uploads: POST `{method, params}` with `attachment.complete`,
 * `attachment.fail` or `attachment.delete` gives 200 `{data}`, or `{error: {name, code, message}}` with 400, 403, 404,
 * 409 or 500. Faults of a backend are told without their details.
 */
export function attachmentsHandler<TContext>(
  storage: Storage<TContext>,
  { context }: AttachmentsHandlerOptions<TContext>,
): Handler {
  return answering(async (request) => {
    const call = await readCall(request)
    const data = await run(storage, call, await identify(request, context))
    return Response.json({ data: data ?? null })
  })
}

interface Call {
  readonly method: unknown
  readonly id: string
  readonly reason?: string
  readonly transactionId?: string
}

async function run<TContext>(storage: Storage<TContext>, call: Call, context: TContext): Promise<unknown> {
  const { method, id } = call
  if (method === 'attachment.complete') return storage.uploads.complete(id, context)
  if (method === 'attachment.fail') return storage.uploads.fail(id, call, context)
  if (method === 'attachment.delete') return storage.uploads.delete(id, call, context)
  throw invalid('method must be attachment.complete, attachment.fail or attachment.delete')
}

async function readCall(request: Request): Promise<Call> {
  if (request.method !== 'POST') throw invalid('send a POST request')
  const body = await readJson(request)
  if (!isRecord(body) || !isRecord(body.params)) throw invalid('the body must be {"method": …, "params": {…}}')
  const { id, reason, transactionId } = body.params
  if (typeof id !== 'string') throw invalid('params.id must be a string')
  if (!isOptionalText(reason)) throw invalid('params.reason must be a string')
  if (!isOptionalText(transactionId)) throw invalid('params.transactionId must be a string')
  return { method: body.method, id, ...(reason && { reason }), ...(transactionId && { transactionId }) }
}

const maxBodyBytes = 64 * 1024

async function readJson(request: Request): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBodyBytes) throw invalid(`the body must have at most ${maxBodyBytes} bytes`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    throw invalid('the body must be JSON')
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isOptionalText(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string'
}

function invalid(message: string): StorageError {
  return new StorageError('invalid_argument', message)
}
