export { MemoryAttachmentStore, type MemoryAttachmentStoreOptions } from './attachments/memory-attachment-store.ts'
export { MemoryBlobDriver } from './attachments/memory-blob-driver.ts'
export { MemoryStore, type MemoryStoreOptions } from './store/memory-store.ts'
export { MemoryStoreDriver } from './store/memory-store-driver.ts'
