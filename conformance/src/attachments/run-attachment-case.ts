import assert from 'node:assert/strict'
import { BrokenPromise } from '../broken-promise.ts'
import { checkGaps, tryPromise } from '../gaps.ts'
import type { Outcome } from '../outcome.ts'
import { randomName } from '../samples.ts'
import type { SuiteContext } from '../suite-context.ts'
import type { AttachmentCase, AttachmentTrial } from './attachment-case.ts'
import { attachmentCases } from './attachment-cases.ts'
import type { AttachmentTarget, CompleteAttachmentStore } from './attachment-target.ts'
import { bytesOf, textOf } from './bytes.ts'
import { handlerOf } from './handler.ts'

const neighbourIds = ['a1', 'a2']

/** Runs one case on a store of the target beside a noisy neighbour; rejects with `BrokenPromise` when it fails. */
export async function runAttachmentCase(attachmentCase: AttachmentCase, target: AttachmentTarget): Promise<Outcome> {
  checkGaps(target.gaps, [attachmentCase, ...attachmentCases])
  const opened: CompleteAttachmentStore[] = []
  const open: AttachmentTrial['open'] = async (options = {}) => {
    const store = await target.open({ scope: ({ scope }) => scope, ...options })
    opened.push(store)
    return store
  }
  try {
    return await runOn(await open(), open, attachmentCase, target)
  } catch (error) {
    throw new BrokenPromise(attachmentCase.id, attachmentCase.promise, error)
  } finally {
    await Promise.allSettled(opened.map((store) => store.close()))
  }
}

async function runOn(
  store: CompleteAttachmentStore,
  open: AttachmentTrial['open'],
  attachmentCase: AttachmentCase,
  target: AttachmentTarget,
): Promise<Outcome> {
  const { gaps, secrets = [] } = target
  const reason = whyNot(attachmentCase, store, target)
  if (reason !== undefined) return { status: 'skipped', reason }
  return await tryPromise(attachmentCase, gaps, async (look) => {
    const name = randomName()
    const neighbour = { scope: `TENANT-${name}` }
    for (const id of neighbourIds) await store.writeAttachment(id, bytesOf(`${id} of the neighbour`), neighbour)
    const before = await everythingOf(store, neighbour)
    await look({ store, open, context: { scope: `tenant-${name}` }, stranger, secrets })
    assert.equal(await everythingOf(store, neighbour), before, 'the bytes of another tenant changed meanwhile')
  })
}

function whyNot(
  { needs }: AttachmentCase,
  store: object,
  { gaps, secrets = [] }: AttachmentTarget,
): string | undefined {
  if (needs === 'handler' && !handlerOf(store)) return 'a service answers its URLs'
  if (needs === 'uploads') return gaps?.createAttachment
  if (needs === 'secrets' && secrets.length === 0) return 'the target names no secrets'
  return undefined
}

function stranger(mark = ''): SuiteContext {
  return { scope: `tenant-${randomName()}${mark}` }
}

async function everythingOf(store: CompleteAttachmentStore, context: SuiteContext): Promise<string> {
  const contents = neighbourIds.map(async (id) => {
    const content = await store.readAttachment(id, context)
    return [id, content.size, content.type, content.etag, await textOf(content)]
  })
  return JSON.stringify(await Promise.all(contents))
}
