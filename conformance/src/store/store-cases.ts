import { argumentCases } from './arguments.ts'
import { attachmentRecordCases } from './attachment-records.ts'
import { concurrencyCases } from './concurrency.ts'
import { copyCases } from './copies.ts'
import { cursorCases } from './cursors.ts'
import { deletedCursorCases } from './deleted-cursors.ts'
import { deleteCases } from './deletes.ts'
import { fidelityCases } from './fidelity.ts'
import { addedRowsCases } from './history/added-rows.ts'
import { historyCases } from './history/history-cases.ts'
import { idCases } from './ids.ts'
import { itemCases } from './items.ts'
import { ledgerCases } from './ledger.ts'
import { ledgerArgumentCases } from './ledger-arguments.ts'
import { ledgerAttachmentCases } from './ledger-attachments.ts'
import { ledgerDueCases } from './ledger-due.ts'
import { ledgerScopeCases } from './ledger-scopes.ts'
import { lifecycleCases } from './lifecycle.ts'
import { modelCases } from './model/model-cases.ts'
import { orderCases } from './order.ts'
import { pageCases } from './pages.ts'
import { raceCases } from './races.ts'
import { scopeCases } from './scopes.ts'
import { sizeCases } from './sizes.ts'
import type { StoreCase } from './store-case.ts'
import { tenantCases } from './tenants.ts'
import { threadCases } from './threads.ts'

/** Every promise of the contract of stores. */
export const storeCases: readonly StoreCase[] = [
  ...threadCases,
  ...itemCases,
  ...pageCases,
  ...cursorCases,
  ...deletedCursorCases,
  ...orderCases,
  ...fidelityCases,
  ...copyCases,
  ...idCases,
  ...argumentCases,
  ...sizeCases,
  ...scopeCases,
  ...tenantCases,
  ...deleteCases,
  ...lifecycleCases,
  ...attachmentRecordCases,
  ...ledgerCases,
  ...ledgerArgumentCases,
  ...ledgerDueCases,
  ...ledgerAttachmentCases,
  ...ledgerScopeCases,
  ...concurrencyCases,
  ...raceCases,
  ...historyCases,
  ...addedRowsCases,
  ...modelCases,
]
