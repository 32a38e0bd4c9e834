import { factsOf } from '../report/target-facts.ts'
import type { StorageTarget } from './storage-target.ts'

/** What the two targets say of themselves, side by side; `null` for what neither tells. */
export async function storageFacts({ store, attachments }: StorageTarget): ReturnType<typeof factsOf> {
  const facts = [await factsOf(store), await factsOf(attachments)]
  const adapters = facts.map(({ adapter }) => adapter)
  const backends = facts.map(({ backend }) => backend)
  return {
    adapter: adapters.some(Boolean)
      ? { name: both(adapters.map((one) => one?.name)), version: both(adapters.map((one) => one?.version)) }
      : null,
    backend: backends.some(Boolean)
      ? {
          name: both(backends.map((one) => one?.name)),
          version: both(backends.map((one) => one?.version)),
          origin: both(backends.map((one) => one?.origin)),
        }
      : null,
  }
}

function both(values: readonly (string | undefined)[]): string {
  return values.map((value) => value ?? 'not told').join(' × ')
}
