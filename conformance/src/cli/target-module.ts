import { basename, extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AttachmentTarget } from '../attachments/attachment-target.ts'
import type { StoreTarget } from '../store/store-target.ts'
import { attachmentSuite, type Suite, storeSuite } from '../suite.ts'
import { UsageError } from './usage-error.ts'
import { withDeadline } from './with-deadline.ts'

/** The suites of the targets that a module exports as `store` and `attachments`; throws `UsageError`. */
export async function loadSuites(path: string): Promise<Suite[]> {
  const module = await load(path)
  const name = basename(path, extname(path))
  const suites: Suite[] = []
  try {
    if (isTarget<StoreTarget>(module.store)) suites.push(storeSuite(name, module.store))
    if (isTarget<AttachmentTarget>(module.attachments)) suites.push(attachmentSuite(name, module.attachments))
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
  if (suites.length > 0) return suites
  throw new UsageError(`${path} must export a target, an object with a method open, as store or as attachments`)
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
