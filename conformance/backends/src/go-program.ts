import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { debianPackage } from './debian-package.ts'
import { Absent } from './first-that-answers.ts'
import { isExecutable, onPath } from './on-path.ts'

const run = promisify(execFile)

/**
 * The program of a Go module's package, of exactly this version. It is built on first use, which takes a minute or so,
 * and kept in the user's cache. Rejects with `Absent` where there is no Go to build it.
 */
export async function goProgram(path: string, version: string): Promise<string> {
  const name = basename(path)
  const what = `${path}@${version}`
  return builtOnce(name, version, async (folder) => {
    const go = await onPath('go')
    if (!go)
      throw new Absent(`no go on PATH to build ${name} with; Go 1.21 or later gets the version it needs by itself`)
    await build(go, ['install', ...options, what], folder, { GOBIN: folder })
  })
}

/** The program of a Go module in this folder, as `goProgram`; it is built again when one of its files has changed. */
export async function ownGoProgram(module: string): Promise<string> {
  const name = basename(module)
  return builtOnce(name, await versionOf(module), async (folder) => {
    const go = (await onPath('go')) ?? (await debianPackage('golang-go', 'go'))
    await build(go, ['build', ...options, '-o', join(folder, name), '.'], module)
  })
}

const options = ['-trimpath', '-ldflags=-s -w']

async function builtOnce(name: string, version: string, make: (folder: string) => Promise<void>): Promise<string> {
  const programs = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'threadkeep', 'programs')
  const folder = join(programs, `${name}@${version}`)
  const program = join(folder, name)
  if (await isExecutable(program)) return program
  await mkdir(programs, { recursive: true })
  const made = await mkdtemp(`${folder}-`)
  try {
    await make(made)
    // A folder that another process has filled meanwhile is in the way, and as good.
    await rename(made, folder).catch(async (error) => {
      if (!(await isExecutable(program))) throw error
    })
    return program
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}

async function build(go: string, args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}): Promise<void> {
  const what = args.at(-1) === '.' ? basename(cwd) : args.at(-1)
  console.info(`building ${what}, which is done once and takes a minute or two`)
  const start = Date.now()
  const env = { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: process.env.GOTOOLCHAIN ?? 'auto', ...more }
  try {
    await run(go, [...args], { cwd, env })
  } catch (error) {
    throw new Error(`go ${args[0]} ${what} failed`, { cause: complaint(error) })
  }
  console.info(`built ${what} in ${Math.round((Date.now() - start) / 1_000)} s`)
}

/** Of all files of a module. */
async function versionOf(module: string): Promise<string> {
  const hash = createHash('sha256')
  for (const name of (await readdir(module)).sort()) hash.update(name).update(await readFile(join(module, name)))
  return hash.digest('hex').slice(0, 12)
}

/** What Go printed, without the modules that it fetched. */
function complaint(error: unknown): unknown {
  if (!(error instanceof Error && 'stderr' in error)) return error
  return String(error.stderr).replace(/^go: downloading .*\n/gm, '') || error
}
