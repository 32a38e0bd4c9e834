/** What a test file knows of a server: plain data, so that it can be handed to another process. */
export interface BackendInfo {
  /** With user and password. On the loopback address, unless it came from the environment. */
  readonly url: string
  /** Product and version as the running server tells them: `postgres 18.4`. */
  readonly version: string
  readonly origin: BackendOrigin
  /** What else decides results, such as `ICU en-US`. */
  readonly notes: readonly string[]
}

/** A real server for tests. */
export interface Backend extends BackendInfo {
  /** Ends the server and removes its files; a server from the environment is left alone. Safe twice. */
  stop(): Promise<void>
}

/** `environment`: a URL was given. `docker`: a container. `embedded`: an npm package. `path`: a program on this machine. */
export type BackendOrigin = 'environment' | 'docker' | 'embedded' | 'path'

/** `postgres 18.4 (embedded, ICU en-US)` */
export function backendLabel({ version, origin, notes }: BackendInfo): string {
  return `${version} (${[origin, ...notes].join(', ')})`
}
