import { mkdtemp, rm } from 'node:fs/promises'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { AzureAttachmentStore } from '@threadkeep/attachments-azure'
import { DiskAttachmentStore } from '@threadkeep/attachments-disk'
import { GCSAttachmentStore } from '@threadkeep/attachments-gcs'
import { S3AttachmentStore } from '@threadkeep/attachments-s3'
import {
  azureConnectionString,
  type BackendInfo,
  createAzureContainer,
  createGcsBucket,
  createS3Bucket,
  gcsOptions,
  s3Options,
} from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { type AttachmentTarget, type SuiteContext, serve } from '@threadkeep/conformance'
import { UrlSigner } from '@threadkeep/core/driver'
import { MemoryAttachmentStore, MemoryBlobDriver } from '@threadkeep/core/memory'
import azure from '../../../packages/attachments-azure/package.json' with { type: 'json' }
import disk from '../../../packages/attachments-disk/package.json' with { type: 'json' }
import gcs from '../../../packages/attachments-gcs/package.json' with { type: 'json' }
import s3 from '../../../packages/attachments-s3/package.json' with { type: 'json' }
import core from '../../../packages/core/package.json' with { type: 'json' }
import type { WithTarget } from './with-target.ts'

/** Every attachment store. */
export const attachmentStores: Readonly<Record<string, WithTarget<AttachmentTarget>>> = {
  memory: async (use) => use(await inMemory()),
  disk: async (use) => use(await onDisk()),
  s3: (use) => describeOn('s3', (server) => use(inBucket(server))),
  gcs: (use) => describeOn('gcs', (server) => use(inGcsBucket(server))),
  azure: (use) => describeOn('azure', (server) => use(inContainer(server))),
}

const secret = 'a secret of more than thirty-two bytes'
const scope = (context: SuiteContext) => context.scope

async function inMemory(): Promise<AttachmentTarget> {
  const server = await serve((request) => served.handler(request))
  const driver = new MemoryBlobDriver(new UrlSigner({ baseUrl: server.url, secret }))
  const served = new MemoryAttachmentStore({ scope, driver })
  return {
    adapter: core,
    backend: { name: 'memory', version: process.version, origin: 'this process' },
    open: async (options) => new MemoryAttachmentStore({ ...options, driver }),
    close: () => server.close(),
  }
}

async function onDisk(): Promise<AttachmentTarget> {
  const directory = await mkdtemp(join(tmpdir(), 'threadkeep-matrix-'))
  const server = await serve((request) => served.handler(request))
  const options = { directory, baseUrl: server.url, secret }
  const served = new DiskAttachmentStore({ ...options, scope })
  await served.setup()
  return {
    adapter: disk,
    backend: { name: 'file system', version: platform(), origin: 'a temporary folder' },
    open: async (more) => new DiskAttachmentStore({ ...options, ...more }),
    close: async () => {
      await server.close()
      await rm(directory, { recursive: true })
    },
  }
}

function inBucket({ url, version, origin }: BackendInfo): AttachmentTarget {
  const bucket = createS3Bucket(url)
  const [name = '', number = ''] = version.split(' ')
  return {
    adapter: s3,
    backend: { name, version: number, origin },
    open: async (options) => new S3AttachmentStore({ ...options, bucket: (await bucket).name, config: s3Options(url) }),
    close: async () => (await bucket).drop(),
  }
}

function inGcsBucket({ url, version, origin }: BackendInfo): AttachmentTarget {
  const bucket = createGcsBucket(url)
  const config = gcsOptions(url)
  const [name = '', number = ''] = version.split(' ')
  return {
    adapter: gcs,
    backend: { name, version: number, origin },
    open: async (options) => new GCSAttachmentStore({ ...options, bucket: (await bucket).name, config }),
    close: async () => (await bucket).drop(),
  }
}

function inContainer({ url, version, origin }: BackendInfo): AttachmentTarget {
  const container = createAzureContainer(url)
  const connectionString = azureConnectionString(url)
  const [name = '', number = ''] = version.split(' ')
  return {
    adapter: azure,
    backend: { name, version: number, origin },
    open: async (options) =>
      new AzureAttachmentStore({ ...options, container: (await container).name, connectionString }),
    close: async () => (await container).drop(),
  }
}
