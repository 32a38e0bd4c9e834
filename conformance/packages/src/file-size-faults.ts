import { isTest } from './source-file.ts'
import type { PackageFolder } from './workspace.ts'

/** Files that have grown past what one idea takes. */
export function fileSizeFaults(pkg: PackageFolder): string[] {
  return pkg.sources.flatMap(({ path, lines }) => {
    const { name, most } = limitOf(pkg, path)
    return lines > most ? [`${path} has ${lines} lines; ${name} has at most ${most}`] : []
  })
}

function limitOf({ kind, manifest }: PackageFolder, path: string): { name: string; most: number } {
  if (isTest(path)) return { name: 'a test file', most: 250 }
  if (kind !== 'private' && Object.values(manifest.exports ?? {}).includes(`./${path}`)) {
    return { name: 'an entry', most: 30 }
  }
  if (kind === 'core' && path.startsWith('src/policy/')) return { name: 'a policy', most: 80 }
  if (kind === 'conformance' && /^src\/(?:store|attachments|storage)\//.test(path)) {
    return { name: 'a suite file', most: 150 }
  }
  if (path.endsWith('-driver.ts')) return { name: 'a driver', most: 200 }
  return { name: 'a file', most: 250 }
}
