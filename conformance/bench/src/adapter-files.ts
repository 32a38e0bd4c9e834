import type { DriverAttachmentStore } from '@threadkeep/core/driver'
import { type FileSide, mimeType } from './file-side.ts'

/** Any attachment store of ours. */
export function adapterFiles(store: DriverAttachmentStore<string>): FileSide {
  return {
    name: 'adapter',
    sign: async (_, size) => {
      const params = { name: 'a file.bin', size, mime_type: mimeType }
      const { upload_descriptor } = await store.createAttachment(params, tenant)
      if (!upload_descriptor) throw new Error('an attachment that was just created has an upload descriptor')
      return upload_descriptor
    },
    write: (id, body) => store.writeAttachment(id, body, tenant, { type: mimeType }),
    read: async (id, range) => (await store.readAttachment(id, tenant, range && { range })).body,
  }
}

const tenant = 'bench'
