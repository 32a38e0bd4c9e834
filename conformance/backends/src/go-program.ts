import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { Absent } from './first-that-answers.ts'
import { isExecutable, onPath } from './on-path.ts'

const run = promisify(execFile)

/**
 * The program of a Go module's package, of exactly this version. It is built on first use, which takes a minute or so,
 * and kept in the user's cache. Rejects with `Absent` where there is no Go to build it.
 */
export async function goProgram(path: string, version: string): Promise<string> {
  const name = basename(path)
  const programs = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'threadkeep', 'programs')
  const folder = join(programs, `${name}@${version}`)
  const program = join(folder, name)
  if (await isExecutable(program)) return program
  const go = await onPath('go')
  if (!go) throw new Absent(`no go on PATH to build ${name} with; Go 1.21 or later gets the version it needs by itself`)
  await mkdir(programs, { recursive: true })
  const build = await mkdtemp(`${folder}-`)
  try {
    await install(go, `${path}@${version}`, build)
    // A folder that another process has filled meanwhile is in the way, and as good.
    await rename(build, folder).catch(async (error) => {
      if (!(await isExecutable(program))) throw error
    })
    return program
  } finally {
    await rm(build, { recursive: true, force: true })
  }
}

async function install(go: string, what: string, folder: string): Promise<void> {
  console.info(`building ${what}, which is done once and takes a minute or two`)
  const start = Date.now()
  const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOTOOLCHAIN: process.env.GOTOOLCHAIN ?? 'auto' }
  try {
    await run(go, ['install', '-trimpath', '-ldflags=-s -w', what], { cwd: folder, env })
  } catch (error) {
    throw new Error(`go install ${what} failed`, { cause: complaint(error) })
  }
  console.info(`built ${what} in ${Math.round((Date.now() - start) / 1_000)} s`)
}

/** What Go printed, without the modules that it fetched. */
function complaint(error: unknown): unknown {
  if (!(error instanceof Error && 'stderr' in error)) return error
  return String(error.stderr).replace(/^go: downloading .*\n/gm, '') || error
}
