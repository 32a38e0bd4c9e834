import { identityHeaders } from './identity.ts'

/** A request that failed; its message is for people. `status` is 0 when no answer came. */
export class RequestError extends Error {
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

/** Asks the chat endpoint for one answer. */
export async function ask<T>(type: string, params: object): Promise<T> {
  const response = await post('/chatkit', { type, params })
  return response.json()
}

/** Posts JSON as this person. Rejects with a `RequestError`, or with the signal's reason. */
export async function post(path: string, body: object, signal: AbortSignal | null = null): Promise<Response> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...identityHeaders() },
    credentials: 'same-origin',
    body: JSON.stringify(body),
    signal,
  }).catch((error) => {
    throw signal?.aborted ? error : unreachable()
  })
  if (!response.ok) throw new RequestError(await explanation(response), response.status)
  return response
}

export function unreachable(): RequestError {
  return new RequestError('The server cannot be reached.', 0)
}

/** What went wrong, in words a person can read. */
export function inWords(error: unknown): string {
  return error instanceof RequestError ? error.message : 'The connection was lost.'
}

async function explanation(response: Response): Promise<string> {
  const answer = await response.json().catch(() => null)
  const message = answer?.error?.message
  if (typeof message === 'string' && message) return sentence(message)
  if (response.status >= 500) return 'The server had a problem.'
  return `The server refused this (${response.status}).`
}

/** A message of the server as a sentence. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1)
  return /[.!?…]$/.test(text) ? text : `${text}.`
}
