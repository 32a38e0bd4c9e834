import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DiskAttachmentStore, type DiskAttachmentStoreOptions } from '../src/index.ts'

export interface Folder extends AsyncDisposable {
  readonly path: string
  /** The files in it, as paths from it, in order. */
  files(): Promise<string[]>
}

export async function temporaryFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'threadkeep-disk-'))
  return {
    path,
    files: async () => {
      const entries = await readdir(path, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => !entry.isDirectory())
      return files.map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1)).sort()
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  }
}

/** A store whose context is its scope. */
export function storeIn(
  directory: string,
  options: Partial<DiskAttachmentStoreOptions<string>> = {},
): DiskAttachmentStore<string> {
  const secret = 'a secret of more than thirty-two bytes'
  return new DiskAttachmentStore<string>({
    scope: (tenant) => tenant,
    directory,
    baseUrl: 'http://files.example',
    secret,
    ...options,
  })
}
