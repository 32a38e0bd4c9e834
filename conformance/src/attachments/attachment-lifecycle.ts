import assert from 'node:assert/strict'
import { isNotFoundError } from '@threadkeep/core'
import { expectCode } from '../expect-code.ts'
import type { AttachmentCase } from './attachment-case.ts'
import { bytesOf } from './bytes.ts'
import { everyAttachmentMethod } from './every-attachment-method.ts'
import { expectStored } from './http.ts'

export const attachmentLifecycleCases: readonly AttachmentCase[] = [
  {
    id: 'lifecycle/setup',
    promise: 'setup() is safe again and again, from many instances at once, and keeps what is stored.',
    async run(trial) {
      await trial.store.writeAttachment('a1', bytesOf('x'), trial.context)
      const stores = await Promise.all([1, 2, 3, 4].map(() => trial.open()))
      await Promise.all(stores.map((store) => store.setup()))
      for (const store of stores) await expectStored({ store, context: trial.context }, 'a1', bytesOf('x'))
    },
  },
  {
    id: 'lifecycle/ping-and-check',
    promise: 'ping() resolves, and check() finds no error in a store that is set up and reachable.',
    async run({ store }) {
      assert.equal(await store.ping(), undefined, 'ping gives nothing')
      for (const { topic, level, message } of await store.check()) {
        assert.ok(topic && message, 'a finding has a topic and a message')
        assert.ok(level === 'ok' || level === 'warning', `${topic}: ${message}`)
      }
    },
  },
  {
    id: 'lifecycle/instances',
    promise: 'What one instance writes or deletes, every other sees at once, also if it looked before.',
    async run({ store, context, open }) {
      const other = await open()
      assert.equal(await other.headAttachment('a1', context), undefined, 'nothing was written yet')
      await store.writeAttachment('a1', bytesOf('first'), context)
      await expectStored({ store: other, context }, 'a1', bytesOf('first'))
      assert.equal((await other.headAttachment('a1', context))?.size, 5, 'what the other sees of a write')
      await expectCode(other.writeAttachment('a1', bytesOf('later'), context), 'conflict', 'a write by the other')
      await store.deleteAttachment('a1', context)
      assert.equal(await other.headAttachment('a1', context), undefined, 'what the other sees of a deletion')
      await expectCode(other.readAttachment('a1', context), 'not_found', 'a read by the other')
    },
  },
  {
    id: 'lifecycle/deletions-at-once',
    promise: 'Deletions of the same bytes at once are all silent, whichever instance sends them.',
    async run({ store, context, open }) {
      const stores = [store, await open(), store, await open()]
      for (let round = 0; round < 20; round++) {
        await store.writeAttachment('a1', bytesOf('x'), context)
        await Promise.all(stores.map((one) => one.deleteAttachment('a1', context)))
        assert.equal(await store.headAttachment('a1', context), undefined, 'what is left')
      }
    },
  },
  {
    id: 'lifecycle/prefixes',
    promise: 'Stores with other prefixes over one backend see nothing of each other; a slash at the end says nothing.',
    async run({ store, context, open }) {
      const prefixes = ['suite', 'suite/a', 'suite-a']
      const stores = [store, ...(await Promise.all(prefixes.map((prefix) => open({ prefix }))))]
      for (const [index, one] of stores.entries()) {
        assert.equal(await one.headAttachment('a1', context), undefined, 'what another store has under the id')
        await one.writeAttachment('a1', bytesOf(`store ${index}`), context)
      }
      await expectStored({ store: await open({ prefix: 'suite/' }), context }, 'a1', bytesOf('store 1'))
      for (const [index, one] of stores.entries()) {
        await expectStored({ store: one, context }, 'a1', bytesOf(`store ${index}`))
        const response = await fetch(await one.attachmentUrl('a1', context))
        assert.equal(await response.text(), `store ${index}`, 'the bytes behind the URL')
        await one.deleteAttachment('a1', context)
      }
      for (const prefix of ['../up', '/up', 'a//b', 'a b', '.', 'é', 7 as unknown as string]) {
        await expectCode(open({ prefix }), 'invalid_argument', `the prefix ${prefix}`)
      }
    },
  },
  {
    id: 'lifecycle/close',
    promise: 'After close() every method rejects, and never with not_found; other instances stay at work.',
    async run(trial) {
      const store = await trial.open()
      await store.writeAttachment('a1', bytesOf('x'), trial.context)
      await store.close()
      await store.close()
      for (const [method, call] of Object.entries(everyAttachmentMethod(store, 'a1', trial.context))) {
        const error = await call().catch((reason: unknown) => reason)
        assert.ok(error instanceof Error, `${method} resolved after close()`)
        assert.ok(!isNotFoundError(error), `${method} says not_found after close()`)
      }
      await expectStored(trial, 'a1', bytesOf('x'))
    },
  },
  {
    id: 'lifecycle/enforces',
    promise: 'enforces says of size, type, checksum and createOnly whether a signed upload is held to it.',
    async run({ store }) {
      const { size, type, checksum, createOnly } = store.enforces
      for (const value of [size, type, checksum, createOnly]) assert.equal(typeof value, 'boolean', 'each is a boolean')
    },
  },
]
