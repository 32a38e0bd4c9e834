import assert from 'node:assert/strict'
import { expectCode, expectSame } from '../expect-code.ts'
import { thread } from '../samples.ts'
import { addMessage, withThreads } from './messages.ts'
import { completed, created, hasBytes, loadIfThere, messageWith } from './prepared.ts'
import { codesOf, racing } from './racing.ts'
import type { StorageCase } from './storage-case.ts'
import { sweepIn } from './sweeping.ts'

/** Messages, threads and sweeps that meet over one attachment. */
export const threadRaceCases: readonly StorageCase[] = [
  {
    id: 'concurrency/two-threads',
    promise: 'Of messages of two threads that race for one attachment one is saved; the other is a conflict.',
    slow: true,
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const other = await trial.open()
      for (const id of ['t1', 't2']) await storage.store.saveThread(thread(id), context)
      await racing(async (late, round) => {
        const attachment = await completed(trial)
        const itemId = `m${round}`
        const codes = await codesOf([
          storage.store.addThreadItem('t1', messageWith('t1', itemId, [attachment]), context),
          late(() => other.storage.store.addThreadItem('t2', messageWith('t2', itemId, [attachment]), context)),
        ])
        expectSame(codes.toSorted(), ['conflict', 'done'], 'the answers')
        for (const [index, threadId] of ['t1', 't2'].entries()) {
          const [loaded] = await codesOf([storage.store.loadItem(threadId, itemId, context)])
          assert.equal(loaded, codes[index] === 'done' ? 'done' : 'not_found', `the message of ${threadId}`)
        }
      })
    },
  },
  {
    id: 'concurrency/message-and-thread-deletion',
    promise: 'A message that races the deletion of its thread leaves its attachment either free, or to the sweep.',
    slow: true,
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const other = await trial.open()
      await racing(async (late, round) => {
        const { id, ...rest } = await completed(trial)
        await storage.store.saveThread(thread('t1'), context)
        const add = () => storage.store.addThreadItem('t1', messageWith('t1', 'm1', [{ id, ...rest }]), context)
        const remove = () => other.storage.store.deleteThread('t1', context)
        const [added, removed] = await codesOf(round % 2 === 0 ? [add(), late(remove)] : [late(add), remove()])
        assert.equal(removed, 'done', 'the deletion')
        assert.ok(added === 'done' || added === 'not_found', `the message: ${added}`)
        await sweepIn(other, 2)
        const record = await loadIfThere(trial, id)
        if (added === 'done') assert.equal(await hasBytes(trial, id), false, 'bytes of a deleted thread stay for ever')
        else assert.equal(record?.status, 'complete', 'the status of an attachment that is free')
      })
    },
  },
  {
    id: 'concurrency/message-and-deletion',
    promise: 'A deletion that races a message always hides the attachment; the message is saved or not_found.',
    slow: true,
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const other = await trial.open()
      await storage.store.saveThread(thread('t1'), context)
      await racing(async (late, round) => {
        const attachment = await completed(trial)
        const itemId = `m${round}`
        const add = () => storage.store.addThreadItem('t1', messageWith('t1', itemId, [attachment]), context)
        const remove = () => other.storage.uploads.delete(attachment.id, {}, context)
        const [added, removed] = await codesOf(round % 2 === 0 ? [add(), late(remove)] : [late(add), remove()])
        assert.equal(removed, 'done', 'the deletion')
        assert.ok(added === 'done' || added === 'not_found', `the message: ${added}`)
        const [loaded] = await codesOf([storage.store.loadItem('t1', itemId, context)])
        assert.equal(loaded, added, 'whether the message is there')
        assert.equal(await loadIfThere(trial, attachment.id), undefined, 'it is not hidden')
      })
    },
  },
  {
    id: 'concurrency/two-messages',
    promise: 'A message that is refused does not set free what another message of its thread has meanwhile.',
    slow: true,
    gap: 'createAttachment',
    async run(trial) {
      await withThreads(trial, ['t1', 't2'])
      await racing(async (late, round) => {
        const [there, missing] = [await completed(trial), await created(trial)]
        const saved = () => addMessage(trial, 't1', `m${round}`, [there])
        const refused = () => addMessage(trial, 't1', `x${round}`, [there, missing])
        const codes = await codesOf(round % 2 === 0 ? [saved(), late(refused)] : [late(saved), refused()])
        expectSame(codes, ['done', 'object_missing'], 'the answers')
        await expectCode(addMessage(trial, 't2', `m${round}`, [there]), 'conflict', 'a message of another thread')
      })
    },
  },
]
