import { type ChildProcess, execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(import.meta.resolve('../src/cli.ts'))

const targets = {
  'false-gap': import.meta.resolve('./targets/false-gap.ts'),
  faulty: import.meta.resolve('./targets/faulty.ts'),
  'guesses-cursors': import.meta.resolve('./targets/guesses-cursors.ts'),
  leaky: import.meta.resolve('./targets/leaky.ts'),
  memory: import.meta.resolve('./targets/memory.ts'),
  'never-opens': import.meta.resolve('./targets/never-opens.ts'),
  none: import.meta.resolve('./targets/none.ts'),
  'not-set-up': import.meta.resolve('./targets/not-set-up.ts'),
  stray: import.meta.resolve('./targets/stray.ts'),
  'unknown-gap': import.meta.resolve('./targets/unknown-gap.ts'),
  unopenable: import.meta.resolve('./targets/unopenable.ts'),
  'waits-forever': import.meta.resolve('./targets/waits-forever.ts'),
}

export type TargetName = keyof typeof targets

export interface CliEnd {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** The command line in a process of its own; `env` is added to this process's. */
export function startCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; end: Promise<CliEnd> } {
  const { promise, resolve } = Promise.withResolvers<CliEnd>()
  const options = { env: { ...process.env, NODE_NO_WARNINGS: '1', ...env } }
  const child = execFile(process.execPath, [cli, ...args], options, (_, out, err) =>
    resolve({ code: child.exitCode ?? -1, out, err }),
  )
  return { child, end: promise }
}

/** The path of a module in `test/targets`. */
export function targetPath(name: TargetName): string {
  return fileURLToPath(targets[name])
}
