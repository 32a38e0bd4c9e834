import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { defineConfig } from 'vitest/config'

const folders = ['packages/*', 'conformance/{.,*}', 'examples/*']
const manifests = folders.map((folder) => `${folder}/package.json`)
const packages = globSync(manifests, { cwd: import.meta.dirname }).map((path) => dirname(path))

process.env.THREADKEEP_REPORT_DIR ??= join(import.meta.dirname, 'conformance/report')

export default defineConfig({
  test: {
    // Belongs to the run and not to a project: servers start once, whichever projects ask for them.
    globalSetup: ['./conformance/backends/src/vitest-setup.ts', './conformance/src/report/vitest-index.ts'],
    projects: packages.sort().map((folder) => ({
      extends: false,
      test: {
        name: folder,
        root: folder,
        include: ['src/**/*.test.ts'],
        testTimeout: 30_000,
        hookTimeout: 120_000,
        expect: { poll: { timeout: 10_000 } },
      },
    })),
    // The server SDK prints every message that goes through it, and Google's how it would rather be given a key.
    onConsoleLog: (log) => !/^(DEBUG threads\.create|\[StreamConverter\]|The `\w+` option is deprecated)/.test(log),
    reporters: process.env.CI ? ['default', ['json', { outputFile: '.cache/tests.json' }]] : ['default'],
  },
})
