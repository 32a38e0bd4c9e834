import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoreTarget, StoreTargetOptions, SuiteContext } from '@threadkeep/conformance'
import { SqliteStore } from './index.ts'

const file = join(tmpdir(), `store-sqlite-${process.pid}.db`)

export async function open(options: StoreTargetOptions, path: string): Promise<SqliteStore<SuiteContext>> {
  const opened = new SqliteStore({ ...options, path })
  await opened.setup()
  return opened
}

export const store: StoreTarget = {
  adapter: { name: 'store-sqlite', version: '0.1.0' },
  backend: { name: 'SQLite', version: process.versions.sqlite ?? 'unknown', origin: 'Node' },
  open: (options) => open(options, file),
  otherProcess: async () => ({ module: import.meta.url, argument: file }),
  close: () => rm(file, { force: true }),
}
