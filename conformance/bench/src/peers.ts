import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const folder = join(import.meta.dirname, '../peers')

/**
 * A package that is measured and that nothing else needs: it is installed when it is first asked for, outside of the
 * workspace, in the versions of its own lock file.
 */
export async function importPeer(name: string): Promise<{ readonly module: unknown; readonly title: string }> {
  await install()
  const require = createRequire(join(folder, 'package.json'))
  const manifest = (await import(pathToFileURL(join(folder, 'node_modules', name, 'package.json')).href, {
    with: { type: 'json' },
  })) as { default: { version: string } }
  const module: unknown = await import(pathToFileURL(require.resolve(name)).href)
  return { module, title: `${name} ${manifest.default.version}` }
}

let installing: Promise<unknown> | undefined

function install(): Promise<unknown> {
  if (existsSync(join(folder, 'node_modules', '.modules.yaml'))) return Promise.resolve()
  if (installing === undefined) process.stderr.write('installing the peers, some 200 MB, once\n')
  installing ??= promisify(execFile)('npx', ['-y', 'pnpm@12', 'install', '--frozen-lockfile'], { cwd: folder })
  return installing
}
