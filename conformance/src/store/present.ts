import assert from 'node:assert/strict'
import type { LedgerEntry } from '@threadkeep/core/driver'
import type { StoreTrial } from './store-case.ts'

/** The record as the ledger has it; it must be there. */
export async function present({ ledger, context }: StoreTrial, id: string): Promise<LedgerEntry> {
  const entry = await ledger.getAttachment(ledger.scopeOf(context), id)
  assert.ok(entry, `the record ${id} is not there`)
  return entry
}
