import { describe, inject, test } from 'vitest'
import './vitest-setup.ts'
import { type BackendInfo, backendLabel } from './backend.ts'
import { BackendUnavailable } from './backend-unavailable.ts'
import { askForBackend } from './shared-backends.ts'
import type { BackendName } from './starters.ts'

/**
 * A `describe` on a real server, which all test files of the run share; await it at the top of a test file. When no such
 * server can be had it throws under `CI`, and elsewhere it prints the reasons and reports one skipped test.
 */
export async function describeOn(name: BackendName, tests: (backend: BackendInfo) => void): Promise<void> {
  const found = await find(name)
  if (found instanceof BackendUnavailable) {
    if (process.env.CI) throw found
    console.warn(`SKIPPED, ${found.message}`)
    describe(name, () => test.skip(found.message))
    return
  }
  describe(backendLabel(found), () => tests(found))
}

async function find(name: BackendName): Promise<BackendInfo | BackendUnavailable> {
  const sharedUrl = inject('backends')
  if (!sharedUrl) throw new Error('run vitest in the root of the repository: its configuration provides the servers')
  try {
    return await askForBackend(sharedUrl, name)
  } catch (error) {
    if (error instanceof BackendUnavailable) return error
    throw error
  }
}
