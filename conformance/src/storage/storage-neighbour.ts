import assert from 'node:assert/strict'
import { bytesOf, textOf } from '../attachments/bytes.ts'
import { attachment, thread } from '../samples.ts'
import { messageWith } from './prepared.ts'
import type { OpenStorage } from './storage-case.ts'
import type { StorageContext } from './storage-target.ts'

/** Another tenant with a message and its attachment: whatever a case does, nothing of it may change. */
export class StorageNeighbour {
  readonly #open: OpenStorage
  readonly #context: StorageContext
  #before = ''

  constructor(open: OpenStorage, context: StorageContext) {
    this.#open = open
    this.#context = context
  }

  async moveIn(): Promise<void> {
    const { storage, attachments } = this.#open
    await attachments.writeAttachment('a1', bytesOf('of the neighbour'), this.#context, { type: 'text/plain' })
    await storage.store.saveAttachment(attachment('a1'), this.#context)
    const saved = await storage.store.loadAttachment('a1', this.#context)
    await storage.store.saveThread(thread('t1'), this.#context)
    await storage.store.addThreadItem('t1', messageWith('t1', 'm1', [saved]), this.#context)
    this.#before = await this.#everything()
  }

  async expectUntouched(): Promise<void> {
    assert.equal(await this.#everything(), this.#before, 'records or bytes of another tenant changed meanwhile')
  }

  async #everything(): Promise<string> {
    const { storage, attachments } = this.#open
    const threads = await storage.store.loadThreads(100, null, 'asc', this.#context)
    const items = await storage.store.loadThreadItems('t1', null, 100, 'asc', this.#context)
    const record = await storage.uploads.load('a1', this.#context)
    return JSON.stringify([threads, items, record, await textOf(await attachments.readAttachment('a1', this.#context))])
  }
}
