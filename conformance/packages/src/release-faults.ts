import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PackageFolder } from './workspace.ts'

/** How the pending changesets raise each package they name: `patch`, `minor` or `major`, several where several name it. */
export type Raises = ReadonlyMap<string, ReadonlySet<string>>

/** Reads the front matter of every changeset. */
export function readRaises(root: string): Raises {
  const raises = new Map<string, Set<string>>()
  for (const path of globSync('.changeset/*.md', { cwd: root })) {
    const [, frontMatter = ''] = readFileSync(join(root, path), 'utf8').split(/^---$/m)
    for (const [, name = '', raise = ''] of frontMatter.matchAll(/^["']?(@[^"':]+)["']?:\s*(\w+)/gm)) {
      raises.set(name, (raises.get(name) ?? new Set()).add(raise))
    }
  }
  return raises
}

/** A package that would never be released, or whose peer range of core would jump in a mere patch. */
export function releaseFaults({ manifest, kind }: PackageFolder, raises: Raises): string[] {
  const own = raises.get(manifest.name)
  if (manifest.version === '0.0.0' && !own) return ['was never released, and no changeset releases it']
  const coreBreaks = isBreaking(raises.get('@threadkeep/core'))
  if (kind === 'core' || !coreBreaks || isBreaking(own)) return []
  return ['a changeset raises core by a minor or more, which ends the peer range of core: raise this by a minor too']
}

/** While versions are 0.x, a minor is breaking. */
function isBreaking(raises: ReadonlySet<string> | undefined): boolean {
  return raises !== undefined && (raises.has('minor') || raises.has('major'))
}
