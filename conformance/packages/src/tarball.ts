import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import type { PackageFolder } from './workspace.ts'

const run = promisify(execFile)

/** A package as the registry would get it. */
export interface Tarball {
  readonly pkg: PackageFolder
  readonly path: string
  /** In bytes, compressed. */
  readonly size: number
  /** From the folder of the package. */
  readonly files: readonly string[]
}

/** Builds into an empty `dist` and packs, as a release does; rejects with what tsc or pnpm printed. */
export async function buildAndPack(root: string, pkg: PackageFolder, destination: string): Promise<Tarball> {
  const cwd = join(root, pkg.folder)
  await rm(join(cwd, 'dist'), { recursive: true, force: true })
  await mkdir(destination, { recursive: true })
  await run('pnpm', ['run', 'build'], { cwd })
  const { stdout } = await run('pnpm', ['pack', '--json', '--pack-destination', destination], { cwd })
  const { filename, files }: { filename: string; files: { path: string }[] } = JSON.parse(stdout)
  return { pkg, path: filename, size: (await stat(filename)).size, files: files.map(({ path }) => path) }
}

/** Tests and sources that slipped in, and entries that were not built. */
export function contentFaults({ files, pkg }: Tarball): string[] {
  const wanted = /^(?:package\.json|README\.md|LICENSE|dist\/.+\.(?:js|d\.ts))$/
  const unwanted = files.filter((path) => !wanted.test(path) || /\.test\./.test(path))
  const entries = Object.values(pkg.manifest.publishConfig?.exports ?? {}) as Record<string, string>[]
  const missing = entries.flatMap((entry) => Object.values(entry)).filter((path) => !files.includes(path.slice(2)))
  return [...unwanted.map((path) => `${path} is shipped`), ...missing.map((path) => `${path} is not in the tarball`)]
}

export async function publintFaults({ path }: Tarball): Promise<string[]> {
  const { buffer, byteOffset, byteLength } = await readFile(path)
  const tarball = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code)
}

/** Whether the types resolve as the code does, for everybody who can load an ES module. */
export async function attwFaults({ path }: Tarball): Promise<string[]> {
  const attw = join(import.meta.dirname, '../node_modules/.bin/attw')
  try {
    await run(attw, [path, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'])
    return []
  } catch (error) {
    return [printed(error)]
  }
}

/** What a failed command printed, or the error itself. */
export function printed(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
  return `${stdout}${stderr}`.trim() || String(error)
}
