/** A client that tells of lost connections by events; one that nobody listens to ends the process, or fills its log. */
interface Emitter {
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
  listenerCount(event: 'error'): number
}

/** How many stores rely on our listener on a client. */
const guards = new WeakMap<object, number>()

/**
 * A client without a listener for `error` gets ours until the last store that borrowed it calls what this returns: a
 * lost idle connection is no news, for the next call opens another or says that it cannot.
 */
export function guardErrors(client: object): () => void {
  if (!isEmitter(client)) return () => {}
  const others = guards.get(client) ?? 0
  if (others === 0 && client.listenerCount('error') > 0) return () => {}
  if (others === 0) client.on('error', survive)
  guards.set(client, others + 1)
  return () => {
    const left = (guards.get(client) ?? 1) - 1
    guards.set(client, left)
    if (left === 0) client.off('error', survive)
  }
}

function isEmitter(client: object): client is Emitter {
  return 'on' in client && 'off' in client && 'listenerCount' in client && typeof client.listenerCount === 'function'
}

function survive(): void {}
