import { describeOn } from '@threadkeep/backends/vitest'
import { attachment } from '@threadkeep/conformance'
import { Redis } from 'ioredis'
import { expect, it, onTestFinished } from 'vitest'
import { removeKeys, testPrefix } from '../test/redis-client.ts'
import { RedisStore } from './index.ts'

const earlier = '2001-01-01T00:00:00.000Z'
const due = '2001-02-01T00:00:00.000Z'

await describeOn('redis', (redis) => {
  it('releasing more attachments than a script takes at once changes each once, and none of another thread', async () => {
    const prefix = testPrefix()
    const client = new Redis(redis.url)
    const { ledger } = new RedisStore({ scope: () => 'tenant', client, prefix })
    onTestFinished(async () => {
      await removeKeys(client, prefix)
      client.disconnect()
    })
    const released = Array.from({ length: 3 * 256 }, (_, index) => `a${index}`)
    const others = ['t', 't11', 't1\u0001', 't1 ', 't1:a0', 'T1']
    const put = (id: string, threadId: string | null, at: string | null) =>
      ledger.putAttachment('tenant', attachment(id), { state: 'complete', due: at, threadId })
    await Promise.all(released.map((id, index) => put(id, 't1', index % 2 ? earlier : null)))
    await Promise.all(others.map((threadId, index) => put(`other${index}`, threadId, null)))
    await put('unbound', null, earlier)
    const before = new Map(
      (await ledger.listAttachments('tenant', null, 9_999)).map((entry) => [entry.attachment.id, entry]),
    )

    await ledger.releaseAttachments('tenant', 't1', new Date(due))
    for (const entry of await ledger.listAttachments('tenant', null, 9_999)) {
      const old = before.get(entry.attachment.id)
      const isReleased = released.includes(entry.attachment.id)
      expect(entry).toEqual(isReleased ? { ...old, due, revision: 1 } : old)
    }
    const found = await ledger.listDue(new Date('2002-01-01'), 9_999)
    expect(found.map((entry) => entry.attachment.id).sort()).toEqual([...released, 'unbound'].sort())
    expect(await ledger.listDue(new Date(due), 9_999)).toHaveLength(1)
  })
})
