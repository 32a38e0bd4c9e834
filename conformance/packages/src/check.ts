import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileSizeFaults } from './file-size-faults.ts'
import { importFaults } from './import-faults.ts'
import { manifestFaults } from './manifest-faults.ts'
import { readRaises, releaseFaults } from './release-faults.ts'
import { shapeFaults } from './shape-faults.ts'
import { sizeFaults, sizeTable } from './size-faults.ts'
import { attwFaults, buildAndPack, contentFaults, printed, publintFaults, type Tarball } from './tarball.ts'
import { type PackageFolder, readWorkspace } from './workspace.ts'

const root = join(import.meta.dirname, '../../..')
const destination = join(root, '.cache/packages')
const workspace = readWorkspace(root)
const published = workspace.filter(({ kind }) => kind !== 'private')

await check('manifests: fields, licence, readme, entries, peers', published, manifestFaults)
await check('shape: the same files in every adapter', workspace, shapeFaults)
await check('sizes of files', workspace, fileSizeFaults)
await check('imports follow the arrows', published, importFaults)
const raises = readRaises(root)
await check('changesets raise what has to be raised', published, (pkg) => releaseFaults(pkg, raises))

await rm(destination, { recursive: true, force: true })
const tarballs: Tarball[] = []
await check('pnpm build, pnpm pack', published, async (pkg) => {
  tarballs.push(await buildAndPack(root, pkg, destination))
  return []
})
await check('tarballs hold what was built and nothing else', tarballs, contentFaults)
await check('publint --strict', tarballs, publintFaults)
await check('attw --profile esm-only', tarballs, attwFaults)
await check('packed sizes', tarballs, sizeFaults)
console.log(`\n${sizeTable(tarballs)}`)

/** Prints one line, and below it what is wrong, each with its package; the process then ends with 1. */
async function check<T extends PackageFolder | Tarball>(
  name: string,
  subjects: readonly T[],
  faultsOf: (subject: T) => string[] | Promise<string[]>,
): Promise<void> {
  const faults: string[] = []
  for (const subject of subjects) {
    const { folder } = 'pkg' in subject ? subject.pkg : subject
    const found = await Promise.resolve(subject)
      .then(faultsOf)
      .catch((error: unknown) => [printed(error)])
    faults.push(...found.map((fault) => `  ${folder}: ${fault}`))
  }
  console.log(`${faults.length === 0 ? '✓' : '✗'} ${name}${faults.length === 0 ? '' : ` (${faults.length})`}`)
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
}
