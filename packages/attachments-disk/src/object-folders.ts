import { createHash } from 'node:crypto'
import { mkdir, readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { StorageError } from '@threadkeep/core'
import { isMissing, syncFolder } from './durable-file.ts'

/** Where the files of one key are: `<stem>.json` is its record, `<stem>.<token>` its bytes. */
export interface ObjectPlace {
  readonly folder: string
  readonly stem: string
}

/** No key has a dot, so no key is in here. */
const incoming = '.incoming'

/** The folders under one directory: `<folder of the key>/<shard>`. No symbolic link below the directory is followed. */
export class ObjectFolders {
  readonly directory: string

  constructor(directory: unknown) {
    if (typeof directory !== 'string' || directory === '') {
      throw new StorageError('configuration', 'option directory must be a path')
    }
    this.directory = resolve(directory)
  }

  /** Where a file is until it is whole. */
  incoming(name = ''): string {
    return join(this.directory, incoming, name)
  }

  async setup(): Promise<void> {
    await mkdir(this.incoming(), { recursive: true, mode: 0o700 })
  }

  /** Fails unless the directory is one that `setup()` made: that of a disk that is not mounted is empty. */
  async ping(): Promise<void> {
    await stat(this.incoming())
  }

  /** Makes the folder of a key. */
  async make(key: string): Promise<ObjectPlace> {
    await this.ping()
    const place = this.#placeOf(key)
    const made = await mkdir(place.folder, { recursive: true, mode: 0o700 })
    for (let at = place.folder; made !== undefined; at = dirname(at)) {
      await syncFolder(dirname(at))
      if (at === made) break
    }
    await this.#checkReal(place.folder)
    return place
  }

  /** `undefined` when nothing was ever stored there. */
  async find(key: string): Promise<ObjectPlace | undefined> {
    const place = this.#placeOf(key)
    return this.orMissing(async () => {
      await this.#checkReal(place.folder)
      return place
    })
  }

  /** `undefined` when a file is missing, but not when the whole directory is. */
  async orMissing<T>(command: () => Promise<T>): Promise<T | undefined> {
    try {
      return await command()
    } catch (error) {
      if (!isMissing(error)) throw error
      await this.ping()
      return undefined
    }
  }

  /** The keys that have a record, in the order of their paths. */
  async *keys(prefix: string, after: string | null): AsyncGenerator<string> {
    const folder = prefix.split('/').slice(0, -1)
    const found = await this.orMissing(() => this.#checkReal(join(this.directory, ...folder)).then(() => true))
    if (found) yield* this.#walk(folder, after === null ? [] : [...segmentsOf(after)])
  }

  async *#walk(folder: readonly string[], after: readonly string[]): AsyncGenerator<string> {
    const entries = await readdir(join(this.directory, ...folder), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => compare([a.name], [b.name]))) {
      const path = [...folder, entry.name]
      if (entry.isDirectory() && compare(path, after.slice(0, path.length)) >= 0) yield* this.#walk(path, after)
      const key = entry.isFile() && compare(path, after) > 0 ? keyOf(path) : undefined
      if (key !== undefined) yield key
    }
  }

  #placeOf(key: string): ObjectPlace {
    const segments = segmentsOf(key)
    return { folder: join(this.directory, ...segments.slice(0, -1)), stem: stemOf(idOf(key)) }
  }

  async #checkReal(folder: string): Promise<void> {
    const [root, real] = await Promise.all([realpath(this.directory), realpath(folder)])
    if (real === root + folder.slice(this.directory.length)) return
    throw new StorageError('configuration', 'disk: a symbolic link stands where a folder of objects should be')
  }
}

function segmentsOf(key: string): string[] {
  const id = idOf(key)
  return [...key.split('/').slice(0, -1), shardOf(id), `${stemOf(id)}.json`]
}

function keyOf(path: readonly string[]): string | undefined {
  const id = idOfStem(/^(.+)\.json$/.exec(path.at(-1) ?? '')?.[1])
  return id !== undefined && path.at(-2) === shardOf(id) ? [...path.slice(0, -2), id].join('/') : undefined
}

function idOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

function shardOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 2)
}

/** Injective, also where a file system folds case: after `=` the hex digits say which letters are capitals. */
function stemOf(id: string): string {
  if (!/[A-Z]/.test(id)) return id
  const capitals = [...id].reduce((bits, char) => bits * 2n + (/[A-Z]/.test(char) ? 1n : 0n), 0n)
  return `${id.toLowerCase()}=${capitals.toString(16)}`
}

function idOfStem(stem: string | undefined): string | undefined {
  const [lower = '', capitals] = stem?.split('=') ?? []
  if (!capitals) return stem
  const bits = BigInt(`0x${capitals}`).toString(2).padStart(lower.length, '0')
  return [...lower].map((char, at) => (bits[at] === '1' ? char.toUpperCase() : char)).join('')
}

function compare(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((segment, index) => segment !== b[index])
  if (at < 0 || at >= b.length) return a.length - b.length
  return (a[at] ?? '') < (b[at] ?? '') ? -1 : 1
}
