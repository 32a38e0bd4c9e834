import assert from 'node:assert/strict'
import { isNotFoundError } from '@threadkeep/core'
import { expectSame } from '../expect-code.ts'
import { everyMethod } from './every-method.ts'
import { fillThread } from './fill.ts'
import type { StoreCase } from './store-case.ts'
import { idsOf } from './walk.ts'

export const lifecycleCases: readonly StoreCase[] = [
  {
    id: 'lifecycle/setup-twice',
    promise: 'setup() is safe again and again, keeps what is stored, and does not mind calls meanwhile.',
    async run(trial) {
      await fillThread(trial, 't1', ['m1'])
      await trial.store.setup()
      await Promise.all([trial.store.setup(), trial.store.loadThread('t1', trial.context), trial.store.setup()])
      expectSame(await trial.store.loadItem('t1', 'm1', trial.context), trial.message('t1', 'm1'), 'the item')
    },
  },
  {
    id: 'lifecycle/setup-in-parallel',
    promise: 'setup() is safe from many instances at once.',
    level: 'concurrent',
    async run(trial) {
      const stores = await Promise.all([1, 2, 3, 4].map(() => trial.open()))
      await Promise.all(stores.map((store) => store.setup()))
      await fillThread(trial, 't1', ['m1'])
      for (const store of stores) {
        expectSame(await store.loadItem('t1', 'm1', trial.context), trial.message('t1', 'm1'), 'the item')
      }
    },
  },
  {
    id: 'lifecycle/ping',
    promise: 'ping() resolves when the backend answers.',
    async run({ store }) {
      assert.equal(await store.ping(), undefined, 'ping gives nothing')
    },
  },
  {
    id: 'lifecycle/check',
    promise: 'check() gives findings in words and finds no error in a store that is set up and reachable.',
    async run({ store }) {
      const findings = await store.check()
      assert.ok(Array.isArray(findings), 'findings are a list')
      for (const { topic, level, message } of findings) {
        assert.ok(['ok', 'warning', 'error'].includes(level), `level ${level}`)
        assert.ok(topic && message, 'a finding has a topic and a message')
        assert.notEqual(level, 'error', `${topic}: ${message}`)
      }
    },
  },
  {
    id: 'lifecycle/instances-share',
    promise: 'Instances over one backend see each other’s writes at once.',
    async run(trial) {
      const other = await trial.open()
      await fillThread(trial, 't1', ['m1', 'm2'])
      expectSame(idsOf(await other.loadThreadItems('t1', 'm1', 9, 'asc', trial.context)), ['m2'], 'the other sees it')
      await other.deleteThread('t1', trial.context)
      expectSame(idsOf(await trial.store.loadThreads(9, null, 'asc', trial.context)), [], 'the first sees it gone')
    },
  },
  {
    id: 'lifecycle/use-after-close',
    promise: 'After close() every method rejects, and never with not_found: a closed store does not look empty.',
    async run(trial) {
      await fillThread(trial, 't1', ['m1'])
      const store = await trial.open()
      await store.loadThread('t1', trial.context)
      await store.close()
      for (const [method, call] of Object.entries(everyMethod(store, trial.context))) {
        const error = await call().then(
          () => assert.fail(`${method} resolved after close()`),
          (reason: unknown) => reason,
        )
        if (error instanceof assert.AssertionError) throw error
        assert.ok(!isNotFoundError(error), `${method} says not_found after close()`)
      }
      const loaded = await trial.store.loadItem('t1', 'm1', trial.context)
      expectSame(loaded, trial.message('t1', 'm1'), 'a call after close() changed something')
    },
  },
  {
    id: 'lifecycle/close-amid-calls',
    promise: 'close() lets the calls under way finish.',
    async run(trial) {
      await trial.store.saveThread(trial.thread('t1'), trial.context)
      const store = await trial.open()
      const ids = Array.from({ length: 20 }, (_, index) => `m${index}`)
      const calls = ids.map((id) => store.addThreadItem('t1', trial.message('t1', id), trial.context))
      await store.close()
      await Promise.all(calls)
      const { data } = await trial.store.loadThreadItems('t1', null, 100, 'asc', trial.context)
      expectSame(data.map(({ id }) => id).sort(), ids.toSorted(), 'what is stored')
    },
  },
  {
    id: 'lifecycle/close-one',
    promise: 'Closing one instance leaves the others at work.',
    async run(trial) {
      const [first, second] = [await trial.open(), await trial.open()]
      await first.saveThread(trial.thread('t1'), trial.context)
      await first.close()
      expectSame(await second.loadThread('t1', trial.context), trial.thread('t1'), 'the second instance')
      expectSame(await trial.store.loadThread('t1', trial.context), trial.thread('t1'), 'the first instance')
    },
  },
  {
    id: 'lifecycle/close-twice',
    promise: 'close() is safe twice, and `await using` closes.',
    async run(trial) {
      const store = await trial.open()
      await store.ping()
      await store[Symbol.asyncDispose]() // what `await using` calls
      const outcome = await store.loadThreads(1, null, 'asc', trial.context).catch(() => 'closed')
      assert.equal(outcome, 'closed', '`await using` did not close the store')
      await store.close()
      await store.close()
    },
  },
]
