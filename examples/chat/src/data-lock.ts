import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The folders that this process has locked. */
const locked = new Set<string>()

/**
 * Makes this process the only one that uses the folder, and gives back how to let go of it: the embedded database does
 * not survive two. A lock whose process is gone, after a crash, is taken over.
 */
export async function lockData(dataDir: string): Promise<() => Promise<void>> {
  const path = join(dataDir, 'server.pid')
  await mkdir(dataDir, { recursive: true })
  const holder = Number(await readFile(path, 'utf8').catch(() => '0'))
  if (locked.has(dataDir) || (holder !== process.pid && isRunning(holder))) {
    throw new Error(`${dataDir} is in use by process ${holder}: stop it, or set DATA_DIR to another folder`)
  }
  locked.add(dataDir)
  await writeFile(path, String(process.pid))
  return async () => {
    locked.delete(dataDir)
    await rm(path, { force: true })
  }
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
