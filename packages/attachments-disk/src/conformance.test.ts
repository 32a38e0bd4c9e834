import { mkdtemp, rm } from 'node:fs/promises'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SuiteContext, serve } from '@threadkeep/conformance'
import { testAttachmentStore } from '@threadkeep/conformance/vitest'
import adapter from '../package.json' with { type: 'json' }
import { DiskAttachmentStore } from './index.ts'

const directory = await mkdtemp(join(tmpdir(), 'threadkeep-disk-'))
const server = await serve((request) => served.handler(request))
const disk = { directory, baseUrl: server.url, secret: 'a secret of more than thirty-two bytes' }
const served = new DiskAttachmentStore<SuiteContext>({ ...disk, scope: ({ scope }) => scope })
await served.setup()

testAttachmentStore('disk', {
  adapter,
  backend: { name: 'file system', version: platform(), origin: 'a temporary folder' },
  secrets: [disk.secret],
  open: async (options) => new DiskAttachmentStore({ ...disk, ...options }),
  close: async () => {
    await server.close()
    await rm(directory, { recursive: true })
  },
})
