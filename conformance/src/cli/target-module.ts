import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AttachmentTarget } from '../attachments/attachment-target.ts'
import type { StorageTarget } from '../storage/storage-target.ts'
import type { StoreTarget } from '../store/store-target.ts'
import { attachmentSuite, type Suite, storageSuite, storeSuite } from '../suite.ts'
import { withDeadline } from '../with-deadline.ts'
import { UsageError } from './usage-error.ts'

/**
 * The suites of the targets that a module exports as `store`, `attachments` and `storage`, by their own names or `''`; the
 * first two together are a storage as well.
 */
export async function loadSuites(path: string): Promise<Suite[]> {
  const module = await load(path)
  const suites: Suite[] = []
  try {
    if (isTarget<StoreTarget>(module.store)) suites.push(storeSuite(module.store.name ?? '', module.store))
    if (isTarget<AttachmentTarget>(module.attachments)) {
      suites.push(attachmentSuite(module.attachments.name ?? '', module.attachments))
    }
    const pair = [module.storage, { store: module.store, attachments: module.attachments }].find(isPair)
    if (pair) suites.push(storageSuite(pairName(pair), pair))
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
  if (suites.length > 0) return suites
  throw new UsageError(
    `${path} must export a target, an object with a method open, as store or as attachments, or two of them as storage`,
  )
}

async function load(path: string): Promise<Record<string, unknown>> {
  try {
    return await withDeadline(import(pathToFileURL(resolve(path)).href), 60_000, 'loading the target')
  } catch (error) {
    throw new UsageError(`cannot load ${path}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

function isTarget<T extends object>(value: unknown): value is T {
  return typeof value === 'object' && value !== null && 'open' in value && typeof value.open === 'function'
}

function isPair(value: unknown): value is StorageTarget {
  if (typeof value !== 'object' || value === null || !('store' in value) || !('attachments' in value)) return false
  return isTarget(value.store) && isTarget(value.attachments)
}

function pairName({ store, attachments }: StorageTarget): string {
  return store.name && attachments.name ? `${store.name} × ${attachments.name}` : ''
}
