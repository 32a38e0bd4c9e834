import { posix } from 'node:path'
import { isTest, type SourceFile } from './source-file.ts'
import type { Kind, Manifest, PackageFolder } from './workspace.ts'

/** Which packages of the family may be imported by what is shipped. */
const shippedArrows: Record<Kind, readonly string[] | undefined> = {
  core: [],
  storage: ['core'],
  adapter: ['core'],
  conformance: ['core', 'storage'],
  private: undefined,
}

/** Tests may use a little more, but never another adapter. */
const testArrows: readonly string[] = ['core', 'storage', 'conformance', 'backends']

/** The root of the workspace has it for all tests. */
const testRunner = 'vitest'

/** Imports against the arrows of the house: application → storage → core; adapter → core/driver → nothing. */
export function importFaults(pkg: PackageFolder): string[] {
  if (pkg.kind === 'private') return []
  const faults = pkg.sources.flatMap((source) =>
    source.imports.flatMap((specifier) => {
      const fault = specifier.startsWith('.') ? pathFault(source, specifier) : packageFault(pkg, source, specifier)
      return fault ? [`${source.path}: ${specifier} ${fault}`] : []
    }),
  )
  return [...faults, ...browserFaults(pkg)]
}

function pathFault({ path }: SourceFile, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(path), specifier)
  if (target.startsWith('../')) return 'leaves the package'
  if (!isTest(path) && isTest(target)) return 'is not shipped'
  return undefined
}

function packageFault({ kind, manifest }: PackageFolder, { path }: SourceFile, specifier: string): string | undefined {
  if (specifier.startsWith('node:')) return undefined
  const name = packageName(specifier)
  if (name === manifest.name) return 'is this package: use a relative path'
  if (name.startsWith('@threadkeep/')) {
    const arrows = isTest(path) ? testArrows : shippedArrows[kind]
    if (arrows && !arrows.includes(name.slice('@threadkeep/'.length))) return 'is against the arrows'
  }
  return declared(manifest, isTest(path)).has(name) ? undefined : 'is not among the dependencies'
}

function declared({ dependencies, peerDependencies, devDependencies }: Manifest, inTest: boolean): Set<string> {
  return new Set(
    Object.keys({ ...dependencies, ...peerDependencies, ...(inTest ? { ...devDependencies, [testRunner]: '' } : {}) }),
  )
}

/** Nothing that a browser loads may need Node. */
function browserFaults({ sources, manifest }: PackageFolder): string[] {
  const entry = manifest.exports?.['./browser']?.slice('./'.length)
  if (!entry) return []
  const reached = new Set([entry])
  const faults: string[] = []
  for (const path of reached) {
    for (const specifier of sources.find((source) => source.path === path)?.imports ?? []) {
      if (specifier.startsWith('.')) reached.add(posix.join(posix.dirname(path), specifier))
      else faults.push(`${path}: ${specifier} is not for browsers`)
    }
  }
  return faults
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
