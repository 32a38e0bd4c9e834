/** What a target may say of itself, for the report. Nothing of a machine belongs here: no host, path or URL. */
export interface TargetFacts {
  /**
   * What the command line calls it, and its report; two targets of one adapter need names. Default: the adapter's name,
   * or else the file's.
   */
  readonly name?: string
  /** Which adapter this is. Default: the report does not tell. */
  readonly adapter?: Told<AdapterFacts>
  /** Which backend answers. Default: the report does not tell. */
  readonly backend?: Told<BackendFacts>
}

/** A value, or what gives it; a function is called once, while stores of the target can be opened. */
export type Told<T> = T | Promise<T> | (() => T | Promise<T>)

export interface AdapterFacts {
  /** The name of its package. */
  readonly name: string
  readonly version: string
}

export interface BackendFacts {
  /** The product, as `postgres`. */
  readonly name: string
  /** As the running server tells it. */
  readonly version: string
  /** How it was had, as `docker` or `a temporary folder`. */
  readonly origin: string
}

/** What the target says, or `null` for what it does not say. */
export async function factsOf(
  target: TargetFacts,
): Promise<{ adapter: AdapterFacts | null; backend: BackendFacts | null }> {
  const adapter = await hear(target.adapter)
  const backend = await hear(target.backend)
  return {
    adapter: adapter ? { name: adapter.name, version: adapter.version } : null,
    backend: backend ? { name: backend.name, version: backend.version, origin: backend.origin } : null,
  }
}

async function hear<T extends object>(told: Told<T> | undefined): Promise<T | undefined> {
  return typeof told === 'function' ? await told() : await told
}
