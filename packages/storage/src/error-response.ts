import { type ErrorCode, StorageError, UnauthorizedError } from '@threadkeep/core'
import { Refusal } from '@threadkeep/core/driver'

/** Answers one HTTP request; it never rejects. */
export type Handler = (request: Request) => Promise<Response>

/**
 * Makes a handler of one that throws: `{error: {name, code, message}}`. Faults of a backend are told without details.
 * @internal
 */
export function answering(answer: Handler): Handler {
  return (request) => answer(request).catch(errorResponse)
}

/** Who asks. When that cannot be told, they may not: `unauthorized`. @internal */
export async function identify<TContext>(
  request: Request,
  context: (request: Request) => TContext | Promise<TContext>,
): Promise<TContext> {
  try {
    return await context(request)
  } catch (cause) {
    throw new UnauthorizedError('who asks is not known', { cause })
  }
}

const statuses: Partial<Record<ErrorCode, number>> = {
  invalid_argument: 400,
  unauthorized: 403,
  not_found: 404,
  conflict: 409,
  object_missing: 409,
  checksum_mismatch: 409,
  unsupported_type: 409,
}

function errorResponse(error: unknown): Response {
  const code = error instanceof StorageError ? error.code : 'internal'
  const refusal = error instanceof Refusal ? error : undefined
  const status = refusal?.status ?? statuses[code]
  if (status && error instanceof Error) {
    const name = refusal ? 'StorageError' : error.name
    return json(status, { name, code, message: error.message }, refusal?.headers)
  }
  return json(500, { name: 'InternalServerError', code, message: 'the server could not do this; try again later' })
}

function json(status: number, error: object, headers: Readonly<Record<string, string>> = {}): Response {
  const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
  return Response.json({ error }, { status, headers: { ...always, ...headers } })
}
