import { testStorage } from '@threadkeep/conformance/vitest'
import { attachmentStores } from './attachment-stores.ts'
import { stores } from './stores.ts'

/** On these pairs of real backends each race for an upload is run 200 times. */
const often = ['postgres × disk', 'redis × s3']

for (const [storeName, withStore] of Object.entries(stores)) {
  await withStore(async (store) => {
    for (const [attachmentsName, withAttachments] of Object.entries(attachmentStores)) {
      const name = `${storeName} × ${attachmentsName}`
      const races = often.includes(name) ? 200 : 20
      await withAttachments((attachments) => testStorage(name, { store, attachments, races }))
    }
  })
}
