import { basename } from 'node:path'
import type { Manifest, PackageFolder } from './workspace.ts'

/** What a published package lacks: fields that a registry and its readers expect, files, and entries that are built. */
export function manifestFaults({ folder, kind, manifest, files }: PackageFolder): string[] {
  const expected: Record<string, unknown> = {
    name: `@threadkeep/${basename(folder)}`,
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=22.12' },
    files: ['dist', 'LICENSE', 'README.md'],
    repository: { type: 'git', url: 'git+https://github.com/threadkeep/threadkeep.git', directory: folder },
  }
  const faults = Object.entries(expected)
    .filter(([field, value]) => JSON.stringify(manifest[field]) !== JSON.stringify(value))
    .map(([field, value]) => `package.json: ${field} must be ${JSON.stringify(value)}`)
  for (const name of ['LICENSE', 'README.md', 'tsconfig.json', 'tsconfig.build.json']) {
    if (!files.includes(name)) faults.push(`${name} is missing`)
  }
  if (typeof manifest.description !== 'string') faults.push('package.json: description is missing')
  if (!Array.isArray(manifest.keywords) || manifest.keywords.length < 3) {
    faults.push('package.json: keywords must be three or more')
  }
  faults.push(...publishFaults(manifest))
  if (kind === 'core') faults.push(...runtimeFaults(manifest))
  else faults.push(...coreFaults(manifest))
  return faults
}

function publishFaults({ exports = {}, publishConfig = {} }: Manifest): string[] {
  const faults = publishConfig.access === 'public' ? [] : ['package.json: publishConfig.access must be "public"']
  const built = Object.entries(exports).map(([entry, source]) => [entry, builtEntry(source)])
  const expected = JSON.stringify(Object.fromEntries(built))
  if (built.length === 0) faults.push('package.json: exports is missing')
  if (JSON.stringify(publishConfig.exports) !== expected) {
    faults.push(`package.json: publishConfig.exports must be ${expected}`)
  }
  return faults
}

function builtEntry(source: string): { types: string; default: string } {
  const path = source.replace('./src/', './dist/').replace(/\.ts$/, '')
  return { types: `${path}.d.ts`, default: `${path}.js` }
}

function runtimeFaults(manifest: Manifest): string[] {
  return ['dependencies', 'peerDependencies', 'optionalDependencies']
    .filter((field) => manifest[field] !== undefined)
    .map((field) => `package.json: core has no ${field}`)
}

function coreFaults({ peerDependencies = {}, devDependencies = {}, dependencies = {} }: Manifest): string[] {
  const faults: string[] = []
  if (peerDependencies['@threadkeep/core'] !== 'workspace:^') {
    faults.push('package.json: @threadkeep/core must be a peer dependency, "workspace:^"')
  }
  if (devDependencies['@threadkeep/core'] !== 'workspace:*') {
    faults.push('package.json: @threadkeep/core must be a dev dependency, "workspace:*"')
  }
  const ours = Object.keys(dependencies).filter((name) => name.startsWith('@threadkeep/'))
  return [...faults, ...ours.map((name) => `package.json: ${name} must be a peer, so that there is one copy of it`)]
}
