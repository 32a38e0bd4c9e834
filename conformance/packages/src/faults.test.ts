import { expect, test } from 'vitest'
import { fileSizeFaults } from './file-size-faults.ts'
import { importFaults } from './import-faults.ts'
import { manifestFaults } from './manifest-faults.ts'
import { type Raises, releaseFaults } from './release-faults.ts'
import { shapeFaults } from './shape-faults.ts'
import { sizeFaults } from './size-faults.ts'
import { parseSource } from './source-file.ts'
import { contentFaults } from './tarball.ts'
import type { Manifest, PackageFolder } from './workspace.ts'

const manifest: Manifest = {
  name: '@threadkeep/store-redis',
  description: 'The store on Redis.',
  keywords: ['chat', 'storage', 'redis'],
  license: 'MIT',
  repository: {
    type: 'git',
    url: 'git+https://github.com/threadkeep/threadkeep.git',
    directory: 'packages/store-redis',
  },
  type: 'module',
  sideEffects: false,
  engines: { node: '>=22.12' },
  files: ['dist', 'LICENSE', 'README.md'],
  exports: { '.': './src/index.ts' },
  publishConfig: { access: 'public', exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } } },
  peerDependencies: { '@threadkeep/core': 'workspace:^', ioredis: '^6' },
  devDependencies: { '@threadkeep/core': 'workspace:*' },
}
const adapter: PackageFolder = {
  folder: 'packages/store-redis',
  kind: 'adapter',
  manifest,
  files: ['LICENSE', 'README.md', 'package.json', 'tsconfig.json', 'tsconfig.build.json'],
  sources: [
    parseSource('src/index.ts', "import { DriverStore } from '@threadkeep/core/driver'\n"),
    parseSource('src/redis-driver.ts', "import type {\n  Redis,\n} from 'ioredis'\n"),
    parseSource('src/conformance.test.ts', "import { testStore } from '@threadkeep/conformance/vitest'\n"),
  ],
}
const tested = {
  ...manifest,
  devDependencies: { ...manifest.devDependencies, '@threadkeep/conformance': 'workspace:*' },
}

test('a sound adapter has no fault', () => {
  const sound = { ...adapter, manifest: tested }
  const faults = [manifestFaults, shapeFaults, fileSizeFaults, importFaults].flatMap((faultsOf) => faultsOf(sound))
  expect(faults).toEqual([])
})

test.each([
  ['a licence file', { files: ['README.md', 'tsconfig.json', 'tsconfig.build.json'] }, 'LICENSE is missing'],
  ['keywords', { manifest: { ...manifest, keywords: [] } }, 'package.json: keywords must be three or more'],
  [
    'its peer',
    { manifest: { ...manifest, peerDependencies: {} } },
    'package.json: @threadkeep/core must be a peer dependency, "workspace:^"',
  ],
  [
    'public access',
    { manifest: { ...manifest, publishConfig: { exports: manifest.publishConfig?.exports ?? {} } } },
    'package.json: publishConfig.access must be "public"',
  ],
] as const)('a package is told that it lacks %s', (_, change, fault) => {
  expect(manifestFaults({ ...adapter, ...change })).toEqual([fault])
})

test('an entry that is not the built twin of its source is told', () => {
  const publishConfig = {
    access: 'public',
    exports: { '.': { types: './dist/index.d.ts', default: './src/index.ts' } },
  }
  expect(manifestFaults({ ...adapter, manifest: { ...manifest, publishConfig } })).toHaveLength(1)
})

test('core is told of a runtime dependency', () => {
  const core = { ...adapter, kind: 'core', manifest: { ...manifest, dependencies: { nanoid: '^5' } } } as const
  expect(manifestFaults(core)).toContain('package.json: core has no dependencies')
})

test.each([
  ['src/index.ts', "export { x } from '@threadkeep/conformance'\n", '@threadkeep/conformance is against the arrows'],
  ['src/index.ts', "import '@threadkeep/store-postgres'\n", '@threadkeep/store-postgres is against the arrows'],
  ['src/index.ts', "import x from 'lodash'\n", 'lodash is not among the dependencies'],
  ['src/index.ts', "const x = await import('lodash')\n", 'lodash is not among the dependencies'],
  ['src/index.ts', "import x from '../test/x.ts'\n", '../test/x.ts is not shipped'],
  ['src/x.test.ts', "import x from '../../core/src/index.ts'\n", '../../core/src/index.ts leaves the package'],
])('%s with %j is told', (path, text, fault) => {
  expect(importFaults({ ...adapter, sources: [parseSource(path, text)] })).toEqual([`${path}: ${fault}`])
})

test('what a browser loads is told of Node, however far away', () => {
  const sources = [
    parseSource('src/browser.ts', "export * from './upload.ts'\n"),
    parseSource('src/upload.ts', "import { join } from 'node:path'\n"),
  ]
  const browser = { ...adapter, sources, manifest: { ...manifest, exports: { './browser': './src/browser.ts' } } }
  expect(importFaults(browser)).toEqual(['src/upload.ts: node:path is not for browsers'])
})

test('an adapter is told of a missing driver, a fifth extra file and a name that says nothing', () => {
  const names = ['index', 'conformance.test', 'a', 'b', 'c', 'd', 'utils']
  const sources = names.map((name) => parseSource(`src/${name}.ts`, ''))
  expect(shapeFaults({ ...adapter, sources })).toEqual([
    'src/utils.ts: a file is named after the one thing in it',
    'src/redis-driver.ts is missing',
    'at most four more files beside the driver, not src/a.ts, src/b.ts, src/c.ts, src/d.ts, src/utils.ts',
  ])
})

test.each([
  ['adapter', 'src/index.ts', 30],
  ['adapter', 'src/redis-driver.ts', 200],
  ['core', 'src/policy/ids.ts', 80],
  ['conformance', 'src/store/pages.ts', 150],
  ['adapter', 'src/scripts.ts', 250],
  ['adapter', 'src/redis-driver.test.ts', 250],
] as const)('in %s, %s may have %i lines and not one more', (kind, path, most) => {
  const withLines = (lines: number) => ({ ...adapter, kind, sources: [parseSource(path, '\n'.repeat(lines))] })
  expect(fileSizeFaults(withLines(most))).toEqual([])
  expect(fileSizeFaults(withLines(most + 1))).toHaveLength(1)
})

test('a tarball is told of a test, of a missing entry, and of a byte too much', () => {
  const files = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/x.test.js']
  const tarball = { pkg: adapter, path: '', files, size: 15_001 }
  expect(contentFaults(tarball)).toEqual(['dist/x.test.js is shipped', './dist/index.d.ts is not in the tarball'])
  expect(sizeFaults(tarball)).toEqual(['packs to 15001 bytes; its budget is 15 kB'])
  expect(sizeFaults({ ...tarball, size: 15_000 })).toEqual([])
})

test.each([
  ['0.0.0', {}, 1],
  ['0.0.0', { '@threadkeep/store-redis': ['minor'] }, 0],
  ['0.1.0', {}, 0],
  ['0.1.0', { '@threadkeep/core': ['patch'] }, 0],
  ['0.1.0', { '@threadkeep/core': ['patch', 'minor'], '@threadkeep/store-redis': ['patch'] }, 1],
  ['0.1.0', { '@threadkeep/core': ['minor'], '@threadkeep/store-redis': ['patch', 'minor'] }, 0],
] as const)('an adapter %s under changesets %j has %i faults', (version, changes, faults) => {
  const raises: Raises = new Map(Object.entries(changes).map(([name, raised]) => [name, new Set<string>(raised)]))
  expect(releaseFaults({ ...adapter, manifest: { ...manifest, version } }, raises)).toHaveLength(faults)
})
