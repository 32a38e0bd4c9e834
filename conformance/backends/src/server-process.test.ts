import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, watch } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from './free-port.ts'
import { type ServerProgram, startServerProcess } from './server-process.ts'

test('a server ends and its folder goes when the process that started it is killed', async () => {
  const { parent, program, port } = await programThatConnectsBack()
  const listener = createServer().listen(port, '127.0.0.1')
  onTestFinished(() => void listener.close())
  const starter = spawn(process.execPath, ['--input-type=module', '-e', sourceThatStarts(program)])
  const [server]: Socket[] = await once(listener, 'connection')
  const watcher = watch(parent)
  onTestFinished(() => watcher.close())
  const folderChanged = once(watcher, 'change')
  starter.kill('SIGKILL')
  await Promise.all([server && once(server.resume(), 'close'), folderChanged])
  expect(existsSync(program.folder)).toBe(false)
})

test('a server that ends early is reported with its last words, and leaves nothing', async () => {
  const { program } = await programThatConnectsBack()
  await expect(startServerProcess(program, 'ready')).rejects.toThrow(/ended early: .*ECONNREFUSED/)
  expect(existsSync(program.folder)).toBe(false)
})

test('a program that does not exist is reported', async () => {
  const { program } = await programThatConnectsBack()
  const missing = { ...program, command: join(program.folder, 'missing') }
  await expect(startServerProcess(missing, 'ready')).rejects.toThrow(/ended early: .*ENOENT/)
})

async function programThatConnectsBack(): Promise<{ parent: string; program: ServerProgram; port: number }> {
  const port = await freePort()
  const parent = await mkdtemp(join(tmpdir(), 'threadkeep-process-'))
  onTestFinished(() => rm(parent, { recursive: true, force: true }))
  const folder = join(parent, 'own')
  await mkdir(folder)
  const source = `const socket = require('node:net').connect(${port}, '127.0.0.1')
    socket.on('connect', () => console.log('ready')).on('error', ({ message }) => { console.error(message); process.exit(1) })`
  return {
    parent,
    port,
    program: { command: process.execPath, args: ['-e', source], folder, user: {}, endWith: 'SIGTERM' },
  }
}

function sourceThatStarts(program: ServerProgram): string {
  const module = new URL('./server-process.ts', import.meta.url).href
  return `import { startServerProcess } from '${module}'
    await startServerProcess(${JSON.stringify(program)}, 'ready')`
}
