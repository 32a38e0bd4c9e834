import { testStorage } from '@threadkeep/conformance/vitest'
import { attachmentStores } from './attachment-stores.ts'
import { stores } from './stores.ts'

for (const [storeName, withStore] of Object.entries(stores)) {
  await withStore(async (store) => {
    for (const [attachmentsName, withAttachments] of Object.entries(attachmentStores)) {
      await withAttachments((attachments) => testStorage(`${storeName} × ${attachmentsName}`, { store, attachments }))
    }
  })
}
