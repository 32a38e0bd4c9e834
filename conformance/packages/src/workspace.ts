import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readSources, type SourceFile } from './source-file.ts'

/** The fields of a package.json that the checks read. */
export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly publishConfig?: { readonly access?: string; readonly exports?: Readonly<Record<string, unknown>> }
  readonly [field: string]: unknown
}

export type Kind = 'core' | 'storage' | 'adapter' | 'conformance' | 'private'

export interface PackageFolder {
  /** From the root of the repository, with `/`: `packages/store-postgres`. */
  readonly folder: string
  readonly kind: Kind
  readonly manifest: Manifest
  readonly sources: readonly SourceFile[]
  /** Names of the files directly in the folder. */
  readonly files: readonly string[]
}

/** Every package of the workspace, in the order of their folders. */
export function readWorkspace(root: string): PackageFolder[] {
  const manifests = ['packages/*/package.json', 'conformance/{.,*}/package.json', 'examples/*/package.json']
  const folders = globSync(manifests, { cwd: root }).map((path) => dirname(path).replaceAll('\\', '/'))
  return folders.sort().map((folder) => readPackage(root, folder))
}

function readPackage(root: string, folder: string): PackageFolder {
  const path = join(root, folder)
  const manifest: Manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  const files = globSync('*', { cwd: path }).filter((name) => existsSync(join(path, name)))
  return { folder, kind: kindOf(folder, manifest), manifest, sources: readSources(path), files }
}

function kindOf(folder: string, manifest: Manifest): Kind {
  if (manifest.private) return 'private'
  const name = basename(folder)
  return name === 'core' || name === 'storage' || name === 'conformance' ? name : 'adapter'
}
