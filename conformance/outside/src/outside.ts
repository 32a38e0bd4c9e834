import { execFile } from 'node:child_process'
import { mkdir, realpath, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { buildAndPack, printed } from '../../packages/src/tarball.ts'
import { readWorkspace } from '../../packages/src/workspace.ts'
import { root, type Step } from './page.ts'

const run = promisify(execFile)

/** What the registry would give for the packages that a page installs: tarballs of ours, folders of other people's. */
export async function packAll(destination: string): Promise<Map<string, string[]>> {
  await providePnpm(destination)
  const packages = readWorkspace(root).filter(({ kind }) => ['core', 'storage', 'conformance'].includes(kind))
  const found = new Map<string, string[]>()
  for (const pkg of packages) {
    const { path } = await buildAndPack(root, pkg, destination).catch((error: unknown) => {
      throw new Error(`${pkg.folder}: ${printed(error)}`, { cause: error })
    })
    const needed = Object.keys(pkg.manifest.dependencies ?? {})
    const folders = needed.map((name) => realpath(join(root, pkg.folder, 'node_modules', name)))
    found.set(pkg.manifest.name, [path, ...(await Promise.all(folders))])
  }
  // The page does not name it: npm installs a peer by itself.
  found.get('@threadkeep/conformance')?.push(...(found.get('@threadkeep/storage') ?? []))
  for (const name of ['vitest', 'typescript', '@types/node']) {
    found.set(name, [await realpath(join(root, 'node_modules', name))])
  }
  return found
}

/** Writes the files and runs the commands in a folder; gives what each command printed, and rejects with what failed. */
export async function follow(
  steps: readonly Step[],
  folder: string,
  packages: Map<string, string[]>,
): Promise<string[]> {
  const said: string[] = []
  for (const step of steps) {
    if ('run' in step) said.push(await shell(offline(step.run, packages), folder))
    else {
      await mkdir(dirname(join(folder, step.write)), { recursive: true })
      await writeFile(join(folder, step.write), step.text)
    }
  }
  return said
}

/** Scripts of pnpm find it on their path; for others it comes as everybody else gets it. */
async function providePnpm(folder: string): Promise<void> {
  if (await run('pnpm', ['--version']).catch(() => undefined)) return
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'pnpm'), '#!/bin/sh\nexec npx -y pnpm@12 "$@"\n', { mode: 0o755 })
  process.env.PATH = `${folder}${delimiter}${process.env.PATH}`
}

/** Nothing of the run around it: neither its report's folder nor the settings of its package manager. */
async function shell(script: string, cwd: string): Promise<string> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|vitest|threadkeep_|node_)/i.test(name))
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter)
  const env = { ...Object.fromEntries(inherited), PATH, npm_config_offline: 'true', npm_config_audit: 'false' }
  try {
    const { stdout, stderr } = await run('bash', ['-ec', script], { cwd, env, maxBuffer: 2 ** 26 })
    return `${stdout}${stderr}`
  } catch (error) {
    throw new Error(`${script}${printed(error)}`, { cause: error })
  }
}

/** The command with paths instead of the names of packages that it installs. */
function offline(script: string, packages: Map<string, string[]>): string {
  return script.replace(/^npm install .*/gm, (line) =>
    line
      .split(' ')
      .flatMap((word) => packages.get(word)?.map((path) => `'${path}'`) ?? [word])
      .join(' '),
  )
}
