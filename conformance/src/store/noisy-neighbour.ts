import assert from 'node:assert/strict'
import type { Store } from '@threadkeep/core'
import { hasLedger } from '@threadkeep/core/driver'
import { attachment, message, thread } from '../samples.ts'
import type { SuiteContext } from '../suite-context.ts'

const threadIds = ['t1', 't2']
const itemIds = ['m1', 'm2', 'm3']
const attachmentIds = ['a1', 'a2']
const farAway = '2999-01-01T00:00:00.000Z'

/** Another tenant with the same ids as the cases use: whatever a case does, nothing of it may change. */
export class NoisyNeighbour {
  readonly #store: Store<SuiteContext>
  readonly #context: SuiteContext
  #before = ''

  constructor(store: Store<SuiteContext>, context: SuiteContext) {
    this.#store = store
    this.#context = context
  }

  async moveIn(): Promise<void> {
    for (const threadId of threadIds) {
      await this.#store.saveThread({ ...thread(threadId), title: 'of the neighbour' }, this.#context)
      for (const id of itemIds) await this.#store.addThreadItem(threadId, message(threadId, id), this.#context)
    }
    for (const id of attachmentIds) await this.#saveAttachment(id)
    this.#before = await this.#everything()
  }

  async expectUntouched(): Promise<void> {
    assert.equal(await this.#everything(), this.#before, 'records of another tenant changed meanwhile')
  }

  async #saveAttachment(id: string): Promise<void> {
    const { scope } = this.#context
    const record = { ...attachment(id), name: 'of the neighbour.txt' }
    if (!hasLedger(this.#store)) return this.#store.saveAttachment(record, this.#context)
    await this.#store.ledger.putAttachment(scope, record, { state: 'complete', due: farAway, threadId: 't1' })
  }

  async #everything(): Promise<string> {
    const threads = await this.#store.loadThreads(100, null, 'asc', this.#context)
    const items = threadIds.map((id) => this.#store.loadThreadItems(id, null, 100, 'desc', this.#context))
    const attachments = attachmentIds.map((id) => this.#loadAttachment(id))
    return JSON.stringify([threads, await Promise.all(items), await Promise.all(attachments)], null, 1)
  }

  async #loadAttachment(id: string): Promise<unknown> {
    if (!hasLedger(this.#store)) return this.#store.loadAttachment(id, this.#context)
    return (await this.#store.ledger.getAttachment(this.#context.scope, id)) ?? 'gone'
  }
}
