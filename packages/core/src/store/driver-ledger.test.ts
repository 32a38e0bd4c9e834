import { expect, it } from 'vitest'
import { storeChannel } from '../policy/observe.ts'
import { MemoryStore } from './memory-store.ts'

const attachment = (id: string) => ({ type: 'file', id, name: 'a.txt', mime_type: 'text/plain' }) as const

it('bad arguments never become a call to the backend', async () => {
  const { ledger } = new MemoryStore({ scope: (team: string) => team })
  const calls: unknown[] = []
  const note = (message: unknown) => calls.push(message)
  storeChannel.start.subscribe(note)
  for (const call of [
    () => ledger.listAttachments('', null, 1),
    () => ledger.listAttachments('red', 7 as never, 1),
    () => ledger.listAttachments('red', null, 0),
    () => ledger.listScopes('\ud800', 1),
    () => ledger.listScopes(null, 1.5),
    () => ledger.listDue(new Date(), -1),
    () => ledger.hasThread('red\0', 't1'),
    () => ledger.hasItem('red', 't1', ''),
  ])
    await expect(call()).rejects.toMatchObject({ code: 'invalid_argument' })
  expect(calls).toEqual([])
  await ledger.listScopes(null, 1)
  expect(calls).toHaveLength(1)
  storeChannel.start.unsubscribe(note)
})

it('a list gives 10,000 rows at most, and goes on after the last of them', async () => {
  const store = new MemoryStore({ scope: (team: string) => team })
  const { ledger } = store
  const names = Array.from({ length: 10_001 }, (_, index) => String(index).padStart(5, '0'))
  for (const name of names) {
    await store.saveAttachment(attachment(name), 'all')
    await store.saveAttachment(attachment('a1'), name)
  }
  const attachments = (await ledger.listAttachments('all', null, 20_000)).map((entry) => entry.attachment.id)
  expect(attachments).toEqual(names.slice(0, -1))
  expect(await ledger.listAttachments('all', '09999', 20_000)).toHaveLength(1)
  expect(await ledger.listScopes(null, 20_000)).toEqual(names.slice(0, -1))
  expect(await ledger.listScopes('09999', 20_000)).toEqual(['10000', 'all'])
})
