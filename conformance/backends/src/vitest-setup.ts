import type { TestProject } from 'vitest/node'
import { SharedBackends } from './shared-backends.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where test files ask for servers. */
    backends: string
  }
}

/** Global setup of the whole run: servers start when a test file asks for them, once, and stop after the last test. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = new SharedBackends()
  project.provide('backends', await shared.listen())
  return () => shared.stop()
}
