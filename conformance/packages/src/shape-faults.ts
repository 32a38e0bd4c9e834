import { basename } from 'node:path'
import { isTest } from './source-file.ts'
import type { PackageFolder } from './workspace.ts'

const nameless = /(?:^|\/)(?:utils?|helpers?|common|misc|types)(?:\/|\.)/

/** Files that a package lacks or has too many of: reading one adapter teaches all. */
export function shapeFaults(pkg: PackageFolder): string[] {
  const faults = pkg.sources
    .filter(({ path }) => nameless.test(path))
    .map(({ path }) => `${path}: a file is named after the one thing in it`)
  return pkg.kind === 'adapter' ? [...faults, ...adapterFaults(pkg)] : faults
}

function adapterFaults({ folder, sources, manifest }: PackageFolder): string[] {
  const service = basename(folder).split('-').slice(1).join('-')
  const driver = `src/${service}-driver.ts`
  const expected = ['src/index.ts', driver, 'src/conformance.test.ts']
  const paths = sources.map(({ path }) => path)
  const faults = expected.filter((path) => !paths.includes(path)).map((path) => `${path} is missing`)
  const others = paths.filter((path) => !isTest(path) && !expected.includes(path))
  if (others.length > 4) faults.push(`at most four more files beside the driver, not ${others.join(', ')}`)
  if (Object.keys(manifest.exports ?? {}).join() !== '.') faults.push('package.json: an adapter has one entry, "."')
  return faults
}
