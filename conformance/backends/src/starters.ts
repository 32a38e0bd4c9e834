import type { Backend } from './backend.ts'
import { startPgBouncer } from './pgbouncer.ts'
import { startPostgres } from './postgres.ts'

/** Gives the server of that name that this run shares, starting it when nobody has asked for it yet. */
export type Shared = (name: BackendName) => Promise<Backend>

/** Every server that test files can ask for by name. */
export const starters = {
  postgres: startPostgres,
  pgbouncer: async (shared: Shared): Promise<Backend> => startPgBouncer((await shared('postgres')).url),
} as const

export type BackendName = keyof typeof starters
