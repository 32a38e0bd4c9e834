import {
  type Backend,
  type BackendInfo,
  startAzure,
  startGcs,
  startOwnRedis,
  startPostgres,
  startS3,
} from '@threadkeep/backends'
import { openAzure } from './azure-files.ts'
import { openDisk } from './disk-files.ts'
import type { FileBench } from './file-side.ts'
import { openGcs } from './gcs-files.ts'
import { openPostgres } from './postgres-sides.ts'
import { openRedis } from './redis-sides.ts'
import { openS3 } from './s3-files.ts'
import type { StoreBench } from './store-bench.ts'

/** How a store is reached. `start` rejects with `BackendUnavailable` when no server can be had. */
interface StoreWay {
  start(): Promise<Backend>
  open(backend: BackendInfo, peers: boolean): Promise<StoreBench>
}

interface FileWay {
  start(): Promise<Backend>
  open(backend: BackendInfo): Promise<FileBench>
}

/** What is measured of each store. */
export const stores: Readonly<Record<string, StoreWay>> = {
  'store-postgres': { start: startPostgres, open: openPostgres },
  'store-redis': { start: () => startOwnRedis(), open: openRedis },
}

/** What is not measured, and why. */
export const unmeasured: Readonly<Record<string, string>> = {
  'store-mongodb': 'the FerretDB that stands in where no mongod can be had has times of its own, not those of MongoDB',
}

/** What is measured of each attachment store. */
export const attachmentStores: Readonly<Record<string, FileWay>> = {
  'attachments-disk': { start: async () => thisMachine, open: openDisk },
  'attachments-s3': { start: startS3, open: openS3 },
  'attachments-gcs': { start: startGcs, open: openGcs },
  'attachments-azure': { start: startAzure, open: openAzure },
}

const thisMachine: Backend = { url: '', version: '', origin: 'path', notes: [], stop: async () => {} }

export async function openFiles(name: string, backend: BackendInfo): Promise<FileBench> {
  const way = attachmentStores[name]
  if (!way) throw new Error(`no attachment store is called ${name}`)
  return way.open(backend)
}
