/** A command that a client was given. */
export interface SentCommand {
  readonly method: string
  readonly args: readonly unknown[]
}

export interface CountedClient<TClient> {
  /** Use it instead of the client that is counted. */
  readonly client: TClient
  /** How many commands were sent since the last `reset()`. */
  commands(): number
  /** Those commands, in their order. */
  sent(): readonly SentCommand[]
  reset(): void
}

/**
 * Counts the calls of a client's methods that send a command each. Everything else, and what the methods give back, is
 * the client's own: calls that the client makes of its own methods do not count.
 */
export function countCommands<TClient extends object>(
  client: TClient,
  methodNames: readonly (keyof TClient & string)[],
): CountedClient<TClient> {
  const counted: ReadonlySet<string | symbol> = new Set(methodNames)
  for (const name of methodNames) {
    if (typeof client[name] !== 'function') throw new TypeError(`the client has no method ${name} to count`)
  }
  let sent: SentCommand[] = []
  const proxy = new Proxy(client, {
    get(target, method) {
      const member: unknown = Reflect.get(target, method)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        if (counted.has(method)) sent.push({ method: String(method), args })
        return member.apply(target, args)
      }
    },
  })
  return {
    client: proxy,
    commands: () => sent.length,
    sent: () => sent,
    reset: () => {
      sent = []
    },
  }
}
