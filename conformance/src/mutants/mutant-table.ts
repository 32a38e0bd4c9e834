import { blobMutants } from './blob-mutants.ts'
import { claimMutants } from './claim-mutants.ts'
import { contentMutants } from './content-mutants.ts'
import { handlerMutants } from './handler-mutants.ts'
import { instanceMutants } from './instance-mutants.ts'
import { ledgerMutants } from './ledger-mutants.ts'
import { listMutants } from './list-mutants.ts'
import { raceMutants } from './race-mutants.ts'
import { recordMutants } from './record-mutants.ts'
import { storageMutants } from './storage-mutants.ts'
import { storeMutants } from './store-mutants.ts'
import { streamMutants } from './stream-mutants.ts'
import { uploadMutants } from './upload-mutants.ts'

const tables = [
  { title: 'Stores: single records', mutants: recordMutants },
  { title: 'Stores: lists', mutants: listMutants },
  { title: 'Stores: the ledger and the life of a driver', mutants: ledgerMutants },
  { title: 'Stores: callers that meet', mutants: raceMutants },
  { title: 'Stores written by hand', mutants: storeMutants },
  { title: 'Attachment stores: bytes', mutants: blobMutants },
  { title: 'Attachment stores: streams', mutants: streamMutants },
  { title: 'Attachment stores: what a signed upload binds', mutants: claimMutants },
  { title: 'Attachment stores: instances', mutants: instanceMutants },
  { title: 'Attachment stores: what answers the URLs', mutants: handlerMutants },
  { title: 'Storages: the life of one upload', mutants: uploadMutants },
  { title: 'Storages: what becomes of attachments', mutants: storageMutants },
  { title: 'Storages: files of the server’s own', mutants: contentMutants },
] as const

/** The page of all faulty stores, each with the case that catches it. */
export function mutantTable(): string {
  const total = tables.reduce((sum, { mutants }) => sum + mutants.length, 0)
  const sections = tables.map(({ title, mutants }) => {
    const rows = mutants.map(({ fault, caughtBy }) => `| ${fault} | \`${caughtBy}\` |`)
    return `## ${title}\n\n| fault | caught by |\n|---|---|\n${rows.join('\n')}\n`
  })
  const head = `# Faulty stores that the suite catches

Each of these ${total} stores has one known bug, and a case of the suite that fails because of it. The tests of the suite
prove it for every row. Made by \`pnpm --filter @threadkeep/conformance mutants\`.
`
  return [head, ...sections].join('\n')
}
