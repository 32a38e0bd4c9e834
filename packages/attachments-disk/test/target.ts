import { type AttachmentTarget, type SuiteContext, serve } from '@threadkeep/conformance'
import adapter from '../package.json' with { type: 'json' }
import { DiskAttachmentStore } from '../src/index.ts'

const server = await serve((request) => served.handler(request))
const directory = String(process.env.THREADKEEP_TARGET_DIRECTORY)
const disk = { directory, baseUrl: server.url, secret: 'a secret of more than thirty-two bytes' }
const served = new DiskAttachmentStore<SuiteContext>({ ...disk, scope: ({ scope }) => scope })

/** For the command line: a directory that others use, too, and that is set up already. */
export const attachments: AttachmentTarget = {
  adapter,
  secrets: [disk.secret],
  open: async (options) => new DiskAttachmentStore({ ...disk, ...options }),
  close: () => server.close(),
}
