import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { storeIn, temporaryFolder } from '../test/store-in-a-folder.ts'

const writer = fileURLToPath(new URL('../test/writer.ts', import.meta.url))
const context = 'tenant'
const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000)

/** Runs a process that writes; it is killed, if at all, when it has said `killAfter` lines. */
async function runWriter(args: readonly string[], killAfter = Number.POSITIVE_INFINITY): Promise<string[]> {
  const child = spawn(process.execPath, [writer, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  const lines: string[] = []
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    if (lines.length === killAfter) child.kill('SIGKILL')
  }
  await exit
  return lines
}

async function textOf(store: ReturnType<typeof storeIn>, id: string): Promise<string | undefined> {
  if (!(await store.headAttachment(id, context))) return undefined
  return new Response((await store.readAttachment(id, context)).body).text()
}

describe('a process that is killed while it writes', () => {
  test.each([1, 5, 20])('after %i files leaves whole files or none, and every other id free', async (killAfter) => {
    await using folder = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    const written = await runWriter([folder.path, '1000', 'x', '300000'], killAfter)
    expect(written.length).toBeGreaterThanOrEqual(killAfter)
    const whole = 'x'.repeat(300_000)
    for (let index = 0; index < written.length; index++) expect(await textOf(store, `atc_${index}`)).toBe(whole)
    const cut = `atc_${written.length}`
    if ((await textOf(store, cut)) === undefined) await store.writeAttachment(cut, Buffer.from(whole), context)
    expect(await textOf(store, cut)).toBe(whole)
    await store.writeAttachment('atc_1000', Buffer.from(whole), context)
  })

  test('leaves nothing for good', async () => {
    await using folder = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    const old = join(folder.path, '.incoming', 'old')
    const young = join(folder.path, '.incoming', 'young')
    await Promise.all([writeFile(old, 'half'), writeFile(young, 'half of an upload that may still run')])
    await utimes(old, twoDaysAgo, twoDaysAgo)
    await store.setup()
    expect(await folder.files()).toEqual([join('.incoming', 'young')])
  })

  test('just before its record appeared leaves an id that is free, and bytes that go with a later deletion', async () => {
    await using folder = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    await store.writeAttachment('atc_1', Buffer.from('first'), context)
    const [bytes = ''] = (await folder.files()).filter((path) => !path.endsWith('.json'))
    await store.deleteAttachment('atc_1', context)
    const left = join(folder.path, `${bytes.slice(0, bytes.lastIndexOf('.'))}.${'0'.repeat(32)}`)
    await writeFile(left, 'whole, but without a record')
    expect(await textOf(store, 'atc_1')).toBeUndefined()
    await store.writeAttachment('atc_1', Buffer.from('second'), context)
    expect(await textOf(store, 'atc_1')).toBe('second')
    const ofAnother = join(dirname(left), `atc_10.${'0'.repeat(32)}`)
    await writeFile(ofAnother, 'of another id')
    for (const file of [left, ofAnother]) await utimes(file, twoDaysAgo, twoDaysAgo)
    await store.deleteAttachment('atc_1', context)
    expect((await folder.files()).map((file) => join(folder.path, file))).toEqual([ofAnother])
  })
})

test('of two processes that write the same ids one wins each, and its bytes are kept', async () => {
  await using folder = await temporaryFolder()
  const store = storeIn(folder.path)
  await store.setup()
  const [a, b] = await Promise.all(['a', 'b'].map((content) => runWriter([folder.path, '100', content, '1000'])))
  for (let index = 0; index < 100; index++) {
    expect([a?.[index], b?.[index]].sort()).toEqual(['conflict', 'written'])
    const winner = a?.[index] === 'written' ? 'a' : 'b'
    expect(await textOf(store, `atc_${index}`)).toBe(winner.repeat(1000))
  }
  expect(await folder.files()).toHaveLength(200)
})

test('writers and deleters of one id never leave a record without its bytes', async () => {
  await using folder = await temporaryFolder()
  const store = storeIn(folder.path)
  await store.setup()
  const rounds = Array.from({ length: 40 }, (_, round) => Buffer.alloc(1000, String(round % 10)))
  await Promise.all(
    rounds.flatMap((bytes) => [
      store.writeAttachment('atc_1', bytes, context).catch((error) => expect(error.code).toBe('conflict')),
      store.deleteAttachment('atc_1', context),
    ]),
  )
  const left = await folder.files()
  expect([0, 2]).toContain(left.length)
  expect((await textOf(store, 'atc_1'))?.length).toBe(left.length === 2 ? 1000 : undefined)
})
