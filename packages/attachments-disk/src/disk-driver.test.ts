import { chmod, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UrlSigner } from '@threadkeep/core/driver'
import { describe, expect, test } from 'vitest'
import { storeIn, temporaryFolder } from '../test/store-in-a-folder.ts'
import { DiskDriver } from './disk-driver.ts'

const context = 'tenant'
const hello = Buffer.from('hello')

describe('the folder', () => {
  test('is for its user alone, and its files too', async () => {
    await using folder = await temporaryFolder()
    const store = storeIn(join(folder.path, 'new', 'attachments'))
    await store.setup()
    await store.setup()
    await store.writeAttachment('atc_1', hello, context)
    expect((await stat(join(folder.path, 'new', 'attachments'))).mode & 0o777).toBe(0o700)
    const files = await folder.files()
    expect(files).toHaveLength(2)
    for (const file of files.map((path) => join(folder.path, path))) {
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      expect((await stat(dirname(file))).mode & 0o777).toBe(0o700)
    }
  })

  test('holds the bytes as they are, beside a record that says what they are', async () => {
    await using folder = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    const { etag, sha256 } = await store.writeAttachment('atc_1', hello, context, { name: 'ä/b', type: 'text/plain' })
    const [bytes = '', record = ''] = await folder.files()
    expect(bytes).toMatch(new RegExp(`^tenant/[0-9a-f]{2}/atc_1\\.${etag}$`))
    expect(await readFile(join(folder.path, bytes), 'utf8')).toBe('hello')
    expect(JSON.parse(await readFile(join(folder.path, record), 'utf8'))).toEqual({
      type: 'text/plain',
      name: 'ä/b',
      size: 5,
      sha256,
      data: etag,
    })
  })

  test('is as it was after an upload that fails or is aborted', async () => {
    await using folder = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    const abort = new AbortController()
    async function* broken(end: () => void) {
      yield hello
      end()
    }
    const fails = broken(() => {
      throw new Error('the client is gone')
    })
    await expect(store.writeAttachment('atc_1', fails, context)).rejects.toMatchObject({ code: 'aborted' })
    const { signal } = abort
    const aborted = broken(() => abort.abort())
    await expect(store.writeAttachment('atc_1', aborted, context, { signal })).rejects.toMatchObject({
      code: 'aborted',
    })
    await store.writeAttachment('atc_1', hello, context)
    await store.deleteAttachment('atc_1', context)
    expect(await folder.files()).toEqual([])
  })

  test('keeps its other files when one is deleted', async () => {
    await using folder = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    for (const id of ['atc_1', 'atc_10', 'atc_', 'atc-1']) await store.writeAttachment(id, hello, context)
    await store.deleteAttachment('atc_1', context)
    await store.deleteAttachment('atc_1', context)
    expect(await store.headAttachment('atc_1', context)).toBeUndefined()
    for (const id of ['atc_10', 'atc_', 'atc-1']) expect(await store.headAttachment(id, context)).toBeDefined()
    expect(await folder.files()).toHaveLength(6)
  })
})

describe('reading', () => {
  test('goes on to its end when the bytes are deleted meanwhile', async () => {
    await using folder = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    await store.writeAttachment('atc_1', Buffer.alloc(1_000_000, 'x'), context)
    const reader = (await store.readAttachment('atc_1', context)).body.getReader()
    let bytes = (await reader.read()).value?.byteLength ?? 0
    await store.deleteAttachment('atc_1', context)
    for (let next = await reader.read(); !next.done; next = await reader.read()) bytes += next.value.byteLength
    expect(bytes).toBe(1_000_000)
  })

  test('finds nothing when the bytes are deleted before it begins', async () => {
    await using folder = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    await store.writeAttachment('atc_1', hello, context)
    const { body } = await store.readAttachment('atc_1', context)
    await store.deleteAttachment('atc_1', context)
    await expect(new Response(body).text()).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('listing', () => {
  const signer = new UrlSigner({ baseUrl: 'http://files.example', secret: 'x'.repeat(32) })

  test('gives every key under a prefix once, whatever the page, and goes on after a deleted one', async () => {
    await using folder = await temporaryFolder()
    const driver = new DiskDriver(folder.path, signer)
    await driver.setup()
    const options = { type: 'text/plain', name: null, size: null, signal: null }
    const ids = Array.from({ length: 30 }, (_, index) => (index % 2 ? `atc_${index}` : `ATC_${index}`))
    const keys = ids.map((id) => `app/tenant/${id}`)
    const others = ['app/tenant2/atc_1', 'app2/tenant/atc_1', 'tenant/atc_1']
    for (const key of [...keys, ...others]) await driver.write(key, new Blob(['x']).stream(), options)
    const all = await driver.list('app/tenant/', { after: null, limit: 100 })
    expect([...all].sort()).toEqual([...keys].sort())
    for (const limit of [1, 7]) {
      const walked: string[] = []
      for (let page = await driver.list('app/tenant/', { after: null, limit }); page.length > 0; ) {
        walked.push(...page)
        page = await driver.list('app/tenant/', { after: page.at(-1) ?? '', limit })
      }
      expect(walked).toEqual(all)
    }
    await driver.delete(all[9] ?? '')
    expect(await driver.list('app/tenant/', { after: all[9] ?? '', limit: 100 })).toEqual(all.slice(10))
    expect(await driver.list('app/', { after: null, limit: 100 })).toHaveLength(30)
    expect(await driver.list('nobody/', { after: null, limit: 100 })).toEqual([])
  })
})

describe('check', () => {
  test('says that all is well, and leaves nothing behind', async () => {
    await using folder = await temporaryFolder()
    const store = storeIn(folder.path)
    await store.setup()
    const findings = await store.check()
    expect(findings.map(({ topic }) => topic)).toEqual(['reachable', 'permissions', 'space'])
    expect(findings.slice(0, 2).map(({ level }) => level)).toEqual(['ok', 'ok'])
    expect(await folder.files()).toEqual([])
  })

  test('warns of a directory that others may enter', async () => {
    await using folder = await temporaryFolder()
    await chmod(folder.path, 0o755)
    const store = storeIn(folder.path)
    await store.setup()
    expect(await store.check()).toContainEqual(expect.objectContaining({ topic: 'permissions', level: 'warning' }))
  })
})
