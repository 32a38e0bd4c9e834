import { StorageError } from '@threadkeep/core'
import { MemoryAttachmentStore, MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import { describe, expect, it } from 'vitest'
import { type Actor, ann, ben, openStorage } from '../test/open-storage.ts'
import { attachmentsHandler } from './http.ts'
import { createStorage } from './index.ts'

const url = 'http://chat.test/attachments'

async function call(handler: (request: Request) => Promise<Response>, body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await handler(new Request(url, { method: 'POST', body: text }))
  return { status: response.status, body: await response.json() }
}

describe('attachmentsHandler', () => {
  it('completes, refuses to fail, and deletes', async () => {
    const { storage, upload } = openStorage()
    const handler = attachmentsHandler(storage, { context: () => ann })
    const { id } = await upload()
    const completed = await call(handler, { method: 'attachment.complete', params: { id } })
    expect(completed).toMatchObject({ status: 200, body: { data: { id, fileName: 'hello.txt', status: 'complete' } } })
    const failed = await call(handler, { method: 'attachment.fail', params: { id, reason: 'late' } })
    expect(failed).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } })
    const deleted = await call(handler, { method: 'attachment.delete', params: { id, transactionId: 't1' } })
    expect(deleted).toEqual({ status: 200, body: { data: { transactionId: 't1' } } })
  })

  it('answers null when there is nothing to say', async () => {
    const { storage, create } = openStorage()
    const handler = attachmentsHandler(storage, { context: () => ann })
    const { id } = await create()
    const failed = await call(handler, { method: 'attachment.fail', params: { id } })
    expect(failed).toEqual({ status: 200, body: { data: null } })
  })

  it('tells the missing, the forbidden and the unknown apart', async () => {
    const { storage, create } = openStorage()
    const { id } = await create()
    const missing = await call(attachmentsHandler(storage, { context: () => ann }), {
      method: 'attachment.complete',
      params: { id: 'atc_none' },
    })
    expect(missing).toMatchObject({ status: 404, body: { error: { name: 'AttachmentNotFoundError' } } })
    const request = { method: 'attachment.complete', params: { id } }
    const foreign = await call(attachmentsHandler(storage, { context: () => ben }), request)
    expect(foreign).toMatchObject({ status: 403, body: { error: { name: 'UnauthorizedError', code: 'unauthorized' } } })
    const context = () => {
      throw new Error('no session')
    }
    expect(await call(attachmentsHandler(storage, { context }), request)).toMatchObject({ status: 403 })
  })

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no params', { method: 'attachment.complete' }],
    ['no id', { method: 'attachment.complete', params: {} }],
    ['an id that is no string', { method: 'attachment.complete', params: { id: {} } }],
    ['a hostile id', { method: 'attachment.complete', params: { id: '\u0000' } }],
    ['a reason that is no string', { method: 'attachment.fail', params: { id: 'a', reason: 1 } }],
    ['an unknown method', { method: 'toString', params: { id: 'a' } }],
    ['a body without end', `"${'x'.repeat(70_000)}"`],
  ])('answers 400 to %s', async (_, body) => {
    const handler = attachmentsHandler(openStorage().storage, { context: () => ann })
    expect(await call(handler, body)).toMatchObject({ status: 400, body: { error: { code: 'invalid_argument' } } })
  })

  it('says nothing of what a backend said', async () => {
    const scope = ({ tenant }: Actor) => tenant
    const driver = new MemoryStoreDriver()
    driver.getAttachment = async () => {
      throw new StorageError('unavailable', 'connect ECONNREFUSED db.internal:5432')
    }
    const storage = createStorage({
      store: new MemoryStore({ scope, driver }),
      attachments: new MemoryAttachmentStore({ scope }),
    })
    const handler = attachmentsHandler(storage, { context: () => ann })
    const answer = await call(handler, { method: 'attachment.complete', params: { id: 'a' } })
    expect(answer).toMatchObject({ status: 500, body: { error: { name: 'InternalServerError', code: 'unavailable' } } })
    expect(JSON.stringify(answer)).not.toContain('db.internal')
  })
})
