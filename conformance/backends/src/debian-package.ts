import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { Absent } from './first-that-answers.ts'
import { onPath } from './on-path.ts'

const run = promisify(execFile)
const servicePolicy = '/usr/sbin/policy-rc.d'

/**
 * Installs a Debian package and gives the full path of a program in it. Services of the package neither start now nor
 * at boot. Rejects with `Absent` where that is impossible: not Debian, or not root.
 */
export async function debianPackage(name: string, program: string): Promise<string> {
  if (process.getuid?.() !== 0) throw new Absent(`no ${program} on PATH, and only root can install it`)
  if (!(await onPath('apt-get'))) throw new Absent(`no ${program} on PATH, and no apt-get to install it`)
  console.info(`installing the Debian package ${name}`)
  await withoutServices(() => install(name))
  await run('update-rc.d', [name, 'disable']).catch(() => {})
  const file = await onPath(program)
  if (!file) throw new Error(`the Debian package ${name} has no program ${program}`)
  return file
}

async function install(name: string): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const args = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', name]
  try {
    await run('apt-get', args, { env })
  } catch {
    // The machine's package lists may be missing or old.
    await run('apt-get', ['update'], { env })
    await run('apt-get', args, { env })
  }
}

/** Debian asks this file, where it exists, whether an installed service may start. */
async function withoutServices(action: () => Promise<void>): Promise<void> {
  const created = await createdPolicy()
  try {
    await action()
  } finally {
    if (created) await rm(servicePolicy, { force: true })
  }
}

async function createdPolicy(): Promise<boolean> {
  try {
    await writeFile(servicePolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' })
    return true
  } catch {
    return false
  }
}
