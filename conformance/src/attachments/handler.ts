export type Handler = (request: Request) => Promise<Response>

/** What answers the URLs of a store that has no service for it; `undefined` when a service does. */
export function handlerOf(store: object): Handler | undefined {
  return 'handler' in store && typeof store.handler === 'function' ? (store.handler as Handler) : undefined
}
