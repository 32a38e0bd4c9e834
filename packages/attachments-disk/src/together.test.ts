import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Folder, storeIn, temporaryFolder } from '../test/store-in-a-folder.ts'
import { wholeRun } from '../test/whole-run.ts'

it('two whole runs side by side pass, and touch no file of anybody else', { timeout: 300_000 }, async () => {
  await using shared = await temporaryFolder()
  await using reportFolder = await temporaryFolder()
  await using store = storeIn(shared.path)
  await store.setup()
  for (const id of ['a1', 'a2', 'A1']) await store.writeAttachment(id, Buffer.from(`${id} of a bystander`), 'bystander')
  await store.deleteAttachment('a2', 'bystander')
  const before = await filesOf(shared, 'bystander')
  expect(before.size).toBe(4)
  const reports = await Promise.all(['one', 'two'].map((name) => wholeRun(shared.path, join(reportFolder.path, name))))
  for (const { cases, faults, level, suite } of reports) {
    expect(cases.filter(({ result }) => result !== 'passed')).toEqual([])
    expect({ faults, level, cases: cases.length }).toEqual({ faults: [], level: 'concurrent', cases: suite.cases })
  }
  expect(await filesOf(shared, 'bystander')).toEqual(before)
})

/** Of each file below the tenant's folder its bytes, when it was written, and which file it is. */
async function filesOf(folder: Folder, tenant: string): Promise<Map<string, object>> {
  const found = new Map<string, object>()
  for (const path of await folder.files()) {
    if (!path.startsWith(tenant)) continue
    const { mtimeMs, ino, mode } = await stat(join(folder.path, path))
    found.set(path, { bytes: await readFile(join(folder.path, path), 'base64'), mtimeMs, ino, mode })
  }
  return found
}
