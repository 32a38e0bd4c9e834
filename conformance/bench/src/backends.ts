import {
  type Backend,
  type BackendInfo,
  BackendUnavailable,
  isMongod,
  startAzure,
  startGcs,
  startMongoDB,
  startOwnRedis,
  startPostgres,
  startS3,
} from '@threadkeep/backends'
import { openAzure } from './azure-files.ts'
import { openDisk } from './disk-files.ts'
import type { FileBench } from './file-side.ts'
import { openGcs } from './gcs-files.ts'
import { openMongoDB } from './mongodb-sides.ts'
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
  'store-mongodb': { start: startMongod, open: openMongoDB },
}

/** What is measured of each attachment store. */
export const attachmentStores: Readonly<Record<string, FileWay>> = {
  'attachments-disk': { start: async () => thisMachine, open: openDisk },
  'attachments-s3': { start: startS3, open: openS3 },
  'attachments-gcs': { start: startGcs, open: openGcs },
  'attachments-azure': { start: startAzure, open: openAzure },
}

/** What else speaks its protocol has times of its own, which say nothing of MongoDB's. */
async function startMongod(): Promise<Backend> {
  const backend = await startMongoDB(() => Promise.reject(new Error('FerretDB is not measured')))
  if (isMongod(backend)) return backend
  await backend.stop()
  throw new BackendUnavailable('mongodb', [`${backend.version} is not measured`])
}

const thisMachine: Backend = { url: '', version: '', origin: 'path', notes: [], stop: async () => {} }

export async function openFiles(name: string, backend: BackendInfo): Promise<FileBench> {
  const way = attachmentStores[name]
  if (!way) throw new Error(`no attachment store is called ${name}`)
  return way.open(backend)
}
