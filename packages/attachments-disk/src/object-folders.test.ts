import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Folder, storeIn, temporaryFolder } from '../test/store-in-a-folder.ts'

const context = 'tenant'
const configuration = { code: 'configuration' }

async function recordOf(folder: Folder): Promise<string> {
  const [record = ''] = (await folder.files()).filter((path) => path.endsWith('.json'))
  return join(folder.path, record)
}

async function bytesOf(folder: Folder): Promise<string> {
  const [bytes = ''] = (await folder.files()).filter((path) => !path.endsWith('.json'))
  return join(folder.path, bytes)
}

describe('a symbolic link', () => {
  test('in the place of a record is not followed', async () => {
    await using folder = await temporaryFolder()
    await using outside = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    await store.writeAttachment('atc_1', Buffer.from('hello'), context)
    const record = await recordOf(folder)
    await rename(record, join(outside.path, 'record'))
    await symlink(join(outside.path, 'record'), record)
    await expect(store.headAttachment('atc_1', context)).rejects.toMatchObject(configuration)
    await expect(store.readAttachment('atc_1', context)).rejects.toMatchObject(configuration)
    await expect(store.writeAttachment('atc_1', Buffer.from('hello'), context)).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test('in the place of the bytes is not followed, and deleting removes the link alone', async () => {
    await using folder = await temporaryFolder()
    await using outside = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    await store.writeAttachment('atc_1', Buffer.from('hello'), context)
    const bytes = await bytesOf(folder)
    await writeFile(join(outside.path, 'secret'), 'secret')
    await rm(bytes)
    await symlink(join(outside.path, 'secret'), bytes)
    const { body } = await store.readAttachment('atc_1', context)
    await expect(new Response(body).text()).rejects.toMatchObject(configuration)
    await store.deleteAttachment('atc_1', context)
    expect(await readFile(join(outside.path, 'secret'), 'utf8')).toBe('secret')
    expect(await folder.files()).toEqual([])
  })

  test.each([
    ['shard', (record: string) => dirname(record)],
    ['scope', (record: string) => dirname(dirname(record))],
  ])('in the place of a %s folder is not followed', async (_, linkOf) => {
    await using folder = await temporaryFolder()
    await using outside = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    await store.writeAttachment('atc_1', Buffer.from('hello'), context)
    const link = linkOf(await recordOf(folder))
    await cp(link, outside.path, { recursive: true })
    const before = await outside.files()
    await rm(link, { recursive: true })
    await symlink(outside.path, link)
    await expect(store.headAttachment('atc_1', context)).rejects.toMatchObject(configuration)
    await expect(store.deleteAttachment('atc_1', context)).rejects.toMatchObject(configuration)
    await expect(store.writeAttachment('atc_1', Buffer.from('x'), context)).rejects.toMatchObject(configuration)
    expect(await outside.files()).toEqual(before)
  })

  test('may lead to the directory itself', async () => {
    await using folder = await temporaryFolder()
    await mkdir(join(folder.path, 'real'))
    await symlink(join(folder.path, 'real'), join(folder.path, 'link'))
    const store = storeIn(join(folder.path, 'link'))
    await store.setup()
    await store.writeAttachment('atc_1', Buffer.from('hello'), context)
    expect(await storeIn(join(folder.path, 'real')).headAttachment('atc_1', context)).toMatchObject({ size: 5 })
  })
})

describe('a directory that is not there', () => {
  test('or is that of a disk which is not mounted never looks like missing bytes', async () => {
    await using folder = await temporaryFolder()
    for (const directory of [join(folder.path, 'missing'), folder.path]) {
      const store = storeIn(directory)
      await expect(store.ping()).rejects.toMatchObject(configuration)
      await expect(store.headAttachment('atc_1', context)).rejects.toMatchObject(configuration)
      await expect(store.readAttachment('atc_1', context)).rejects.toMatchObject(configuration)
      await expect(store.deleteAttachment('atc_1', context)).rejects.toMatchObject(configuration)
      await expect(store.writeAttachment('atc_1', Buffer.from('x'), context)).rejects.toMatchObject(configuration)
      expect(await store.check()).toMatchObject([{ topic: 'reachable', level: 'error' }])
    }
    expect(await readdir(folder.path)).toEqual([])
  })

  test('is not named by an empty option', () => {
    for (const directory of ['', undefined, 5]) {
      expect(() => storeIn(directory as string)).toThrow(expect.objectContaining(configuration))
    }
  })
})

describe('ids', () => {
  test('that differ only in case have files that differ in more', async () => {
    await using folder = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    const ids = ['atc_ab', 'atc_Ab', 'atc_aB', 'ATC_AB', 'aTC_ab']
    for (const id of ids) await store.writeAttachment(id, Buffer.from(id), context)
    const names = (await folder.files()).filter((path) => path.endsWith('.json')).map((path) => path.toLowerCase())
    expect(new Set(names.map((path) => path.split('/').at(-1))).size).toBe(ids.length)
    for (const id of ids) {
      expect(await new Response((await store.readAttachment(id, context)).body).text()).toBe(id)
    }
  })

  test('may be as long as they can be', async () => {
    await using folder = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    for (const id of ['x'.repeat(128), 'X'.repeat(128)]) await store.writeAttachment(id, Buffer.from('hello'), context)
    expect(await store.headAttachment('X'.repeat(128), context)).toMatchObject({ size: 5 })
  })
})
