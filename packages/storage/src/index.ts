export { createStorage, type Storage, type StorageOptions } from './create-storage.ts'
export type { SweepOptions, SweepReport } from './sweep.ts'
export type { UploadRecord } from './upload-record.ts'
export type { Uploads } from './uploads.ts'
