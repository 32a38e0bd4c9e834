import { hasLedger, hasObjects } from '@threadkeep/core/driver'
import { createStorage } from '@threadkeep/storage'
import { descriptorOf, send } from '../attachments/http.ts'
import { BrokenPromise } from '../broken-promise.ts'
import { expectCode } from '../expect-code.ts'
import { checkGaps, type Gaps, tryPromise } from '../gaps.ts'
import type { Outcome } from '../outcome.ts'
import { randomName } from '../samples.ts'
import type { OpenStorage, StorageCase, StorageTrial, StorageTrialOptions } from './storage-case.ts'
import { storageCases } from './storage-cases.ts'
import { StorageNeighbour } from './storage-neighbour.ts'
import type { StorageContext, StorageTarget } from './storage-target.ts'

type Pair = Omit<OpenStorage, 'storage'>

/** Longer than any sweep of the suite looks ahead, in seconds. */
const threeDays = 259_200

/** Runs one case on a storage of the target beside a noisy neighbour; rejects with `BrokenPromise` when it fails. */
export async function runStorageCase(storageCase: StorageCase, target: StorageTarget): Promise<Outcome> {
  checkGaps(storageGaps(target), [storageCase, ...storageCases])
  const opened: Pair[] = []
  const open = async (options: StorageTrialOptions = {}) => {
    const pair = await openPair(target, options)
    opened.push(pair)
    return pair
  }
  try {
    return await runOn(await open(), open, storageCase, target)
  } catch (error) {
    throw new BrokenPromise(storageCase.id, storageCase.promise, error)
  } finally {
    await Promise.allSettled(opened.flatMap(({ store, attachments }) => [store.close(), attachments.close()]))
  }
}

/** What the two targets declare that concerns a storage. */
export function storageGaps({ attachments: { gaps } }: StorageTarget): Gaps {
  return gaps?.createAttachment === undefined ? {} : { createAttachment: gaps.createAttachment }
}

async function runOn(
  pair: Pair,
  openPair: (options?: StorageTrialOptions) => Promise<Pair>,
  storageCase: StorageCase,
  target: StorageTarget,
): Promise<Outcome> {
  const { create = createStorage, races = 20 } = target
  const missing = missingFace(pair)
  if (missing) {
    await expectCode((async () => create(pair))(), 'configuration', `a storage although ${missing}`)
    return { status: 'skipped', reason: missing }
  }
  if (storageCase.needs && !pair.attachments.enforces[storageCase.needs]) {
    return { status: 'skipped', reason: 'a second upload replaces the first, and the attachment store says so' }
  }
  const storageOf = (of: Pair, { restoreWindow = threeDays, canDelete }: StorageTrialOptions = {}): OpenStorage => {
    const options = { actor: ({ user }: StorageContext) => user, restoreWindow, ...(canDelete && { canDelete }) }
    return { ...of, storage: create({ ...of, ...options }) }
  }
  const open: StorageTrial['open'] = async (options) => storageOf(await openPair(options), options)
  return await tryPromise(storageCase, storageGaps(target), async (look) => {
    const name = randomName()
    const own = storageOf(pair)
    const neighbour = new StorageNeighbour(own, { scope: `TENANT-${name}`, user: 'ann' })
    await neighbour.moveIn()
    await look({ ...own, ...peopleOf(`tenant-${name}`), races, open, createStorage: create, upload })
    await neighbour.expectUntouched()
  })
}

async function openPair(target: StorageTarget, options: StorageTrialOptions): Promise<Pair> {
  const { expiresIn = threeDays, attachmentScope = ({ scope }) => scope, limits } = options
  const store = await target.store.open({ scope: ({ scope }) => scope })
  try {
    return { store, attachments: await target.attachments.open({ ...limits, scope: attachmentScope, expiresIn }) }
  } catch (error) {
    await store.close()
    throw error
  }
}

function missingFace({ store, attachments }: Pair): string | undefined {
  if (!hasLedger(store)) return 'this store has no ledger'
  return hasObjects(attachments) ? undefined : 'this attachment store has no objects'
}

function peopleOf(scope: string): Pick<StorageTrial, 'context' | 'colleague' | 'stranger'> {
  return {
    context: { scope, user: 'ann' },
    colleague: { scope, user: 'ben' },
    stranger: (mark = '') => ({ scope: `tenant-${randomName()}${mark}`, user: 'ann' }),
  }
}

async function upload(...[attachment, bytes]: Parameters<StorageTrial['upload']>): ReturnType<StorageTrial['upload']> {
  const { id, mime_type: type } = attachment
  return send({ id, descriptor: descriptorOf(attachment), bytes, type })
}
