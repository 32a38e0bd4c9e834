import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { AzureAttachmentStore } from '@threadkeep/attachments-azure'
import { DiskAttachmentStore } from '@threadkeep/attachments-disk'
import { GCSAttachmentStore } from '@threadkeep/attachments-gcs'
import { S3AttachmentStore } from '@threadkeep/attachments-s3'
import type { Store } from '@threadkeep/core'
import type { DriverAttachmentStore } from '@threadkeep/core/driver'
import { createStorage, type Storage } from '@threadkeep/storage'
import { MongoDBStore } from '@threadkeep/store-mongodb'
import { PostgresStore } from '@threadkeep/store-postgres'
import { RedisStore } from '@threadkeep/store-redis'
import { type Config, withoutSecrets } from './config.ts'
import { detectType } from './detect-type.ts'
import type { User } from './identity.ts'

/** What the server runs on. */
export interface Backends extends OpenFiles {
  readonly storage: Storage<User>
  close(): Promise<void>
}

/** What an adapter is opened with. */
interface Place {
  readonly url: string
  readonly dataDir: string
  /** Where this server mounts the handler of signed URLs. */
  readonly signedUrl: string
}

interface OpenStore {
  readonly store: Store<User>
  close(): Promise<void>
}

interface OpenFiles {
  readonly files: DriverAttachmentStore<User>
  /** Serves the signed URLs of an adapter whose backend has no server of its own. */
  readonly signedFiles: ((request: Request) => Promise<Response>) | null
}

const scope = (user: User): string => user.scope

/** The schemes of STORE. */
const stores: Record<string, (place: Place) => Promise<OpenStore>> = {
  'pglite:': async ({ url }) => {
    const client = await PGlite.create(url.slice('pglite:'.length))
    return { store: new PostgresStore({ client, scope }), close: () => client.close() }
  },
  'postgres:': async ({ url }) => ownStore(new PostgresStore({ url, scope })),
  'postgresql:': async ({ url }) => ownStore(new PostgresStore({ url, scope })),
  'redis:': async ({ url }) => ownStore(new RedisStore({ url, scope })),
  'rediss:': async ({ url }) => ownStore(new RedisStore({ url, scope })),
  'mongodb:': async ({ url }) => ownStore(new MongoDBStore({ url, scope })),
  'mongodb+srv:': async ({ url }) => ownStore(new MongoDBStore({ url, scope })),
}

/** The schemes of FILES. */
const attachmentStores: Record<string, (place: Place) => Promise<OpenFiles>> = {
  'file:': async ({ url, dataDir, signedUrl }) => {
    const directory = url.replace(/^file:(\/\/)?/, '')
    // A signed URL is all the right there is, and the page may be open under another name of this server.
    const origins = ['*']
    const secret = await secretOf(dataDir)
    const files = new DiskAttachmentStore({ directory, baseUrl: signedUrl, secret, origins, scope })
    return { files, signedFiles: files.handler }
  },
  's3:': async ({ url }) => {
    const { hostname: bucket, searchParams } = new URL(url)
    const { prefix = '', region, endpoint } = Object.fromEntries(searchParams)
    const config = { ...(region && { region }), ...(endpoint && { endpoint, forcePathStyle: true }) }
    return { files: new S3AttachmentStore({ bucket, prefix, config, scope }), signedFiles: null }
  },
  'gs:': async ({ url }) => {
    const { hostname: bucket, searchParams } = new URL(url)
    const { prefix = '', endpoint } = Object.fromEntries(searchParams)
    // The SDK shows its credentials to Google alone, unless it is told to.
    const config = endpoint ? { apiEndpoint: endpoint, useAuthWithCustomEndpoint: true } : {}
    return { files: new GCSAttachmentStore({ bucket, prefix, config, scope }), signedFiles: null }
  },
  'azure:': async ({ url }) => {
    const { hostname: container, searchParams } = new URL(url)
    const { AZURE_STORAGE_CONNECTION_STRING: connectionString } = process.env
    if (!connectionString) throw new Error('FILES=azure://… needs AZURE_STORAGE_CONNECTION_STRING')
    const prefix = searchParams.get('prefix') ?? ''
    return { files: new AzureAttachmentStore({ container, prefix, connectionString, scope }), signedFiles: null }
  },
}

/** Opens and prepares what STORE and FILES name. */
export async function openBackends({ store, files, dataDir }: Config, signedUrl: string): Promise<Backends> {
  const openStore = adapterFor('STORE', stores, store)
  const openFiles = adapterFor('FILES', attachmentStores, files)
  const opened = await openStore({ url: store, dataDir, signedUrl })
  const { files: attachments, signedFiles } = await openFiles({ url: files, dataDir, signedUrl })
  const storage = createStorage({ store: opened.store, attachments, detectType })
  await storage.setup().catch((error: Error) => {
    const where = `STORE ${withoutSecrets(store)} and FILES ${withoutSecrets(files)}`
    throw new Error(`${where} cannot be prepared: ${error.message}`, { cause: error })
  })
  const close = async () => {
    await attachments.close()
    await opened.close()
  }
  return { storage, files: attachments, signedFiles, close }
}

function adapterFor<T>(variable: string, adapters: Record<string, T>, url: string): T {
  const adapter = adapters[/^[a-z0-9+.-]+:/i.exec(url)?.[0].toLowerCase() ?? '']
  if (adapter) return adapter
  const known = Object.keys(adapters).join(', ')
  throw new Error(`${variable} is ${withoutSecrets(url)}, but must begin with one of ${known}`)
}

function ownStore(store: Store<User>): OpenStore {
  return { store, close: () => store.close() }
}

/** The secret of signed URLs, made once and kept beside the files: links survive a restart. */
async function secretOf(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secret')
  await mkdir(dataDir, { recursive: true })
  await writeFile(path, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  })
  return readFile(path, 'utf8')
}
