import { bindingCases } from './binding.ts'
import { completionCases } from './completion.ts'
import { configurationCases } from './configuration.ts'
import { contentRecordCases } from './content-records.ts'
import { contentCases } from './contents.ts'
import { contentMessageCases } from './contents-in-messages.ts'
import { deletionCases } from './deletion.ts'
import { failingCases } from './failing.ts'
import { flowCases } from './flow.ts'
import { messageDeletionCases } from './message-deletion.ts'
import { permissionCases } from './permissions.ts'
import { previewCases } from './previews.ts'
import { purgeCases } from './purge.ts'
import { refusedMessageCases } from './refused-messages.ts'
import type { StorageCase } from './storage-case.ts'
import { sweepCases } from './sweep.ts'
import { sweepRunCases } from './sweep-runs.ts'
import { threadRaceCases } from './thread-races.ts'
import { uploadRaceCases } from './upload-races.ts'
import { wrongBytesCases } from './wrong-bytes.ts'

/** Every promise of a storage. */
export const storageCases: readonly StorageCase[] = [
  ...flowCases,
  ...completionCases,
  ...wrongBytesCases,
  ...failingCases,
  ...permissionCases,
  ...bindingCases,
  ...refusedMessageCases,
  ...contentCases,
  ...contentRecordCases,
  ...contentMessageCases,
  ...previewCases,
  ...deletionCases,
  ...sweepCases,
  ...sweepRunCases,
  ...purgeCases,
  ...messageDeletionCases,
  ...configurationCases,
  ...uploadRaceCases,
  ...threadRaceCases,
]
