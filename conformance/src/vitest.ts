import type { AttachmentTarget } from './attachments/attachment-target.ts'
import { register } from './register.ts'
import type { StorageTarget } from './storage/storage-target.ts'
import type { CommandTarget } from './store/commands/command-counts.ts'
import { registerCommands } from './store/commands/register-commands.ts'
import type { StoreTarget } from './store/store-target.ts'
import { attachmentSuite, storageSuite, storeSuite } from './suite.ts'

/** Registers a test for every promise of the contract of stores; the report follows the last. */
export function testStore(name: string, target: StoreTarget): void {
  register(`the store ${name}`, storeSuite(name, target))
}

/** Registers a test for every promise of the contract of attachment stores; the report follows the last. */
export function testAttachmentStore(name: string, target: AttachmentTarget): void {
  register(`the attachment store ${name}`, attachmentSuite(name, target))
}

/** Registers a test for every promise of a storage of the two; the report follows the last. */
export function testStorage(name: string, target: StorageTarget): void {
  register(`the storage ${name}`, storageSuite(name, target))
}

/** Registers tests that count what a store sends, among 10 to 50,000 rows, against what its adapter declares. */
export function testCommands(name: string, target: CommandTarget): void {
  registerCommands(name, target)
}
