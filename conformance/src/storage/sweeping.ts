import { replacing } from './replacing.ts'
import type { OpenStorage, StorageTrial, StorageTrialOptions } from './storage-case.ts'

/** Sweeps as if it were so many hours from now, far enough for what other runs left behind. */
export async function sweepIn({ storage }: Pick<OpenStorage, 'storage'>, hours: number): Promise<void> {
  await storage.uploads.sweep({ before: afterHours(hours), limit: 10_000 })
}

export function afterHours(hours: number): Date {
  return new Date(Date.now() + hours * 3_600_000)
}

/** When the URL of an upload of `ofMinutes` is over for a day, in hours. */
export const dayAfter = 25

/** The trial with a storage whose upload URLs last for minutes, so that sweeps of the suite reach what it makes. */
export async function ofMinutes(trial: StorageTrial, options: StorageTrialOptions = {}): Promise<StorageTrial> {
  return { ...trial, ...(await trial.open({ expiresIn: 600, restoreWindow: 3_600, ...options })) }
}

/** The trial's storage, with a sweep in the middle of its deletions: just before the store's own. */
export function sweptWhileDeleting(trial: StorageTrial): OpenStorage['storage'] {
  const { store, attachments } = trial
  const sweeping = replacing(store, {
    deleteThread: async (...args: Parameters<typeof store.deleteThread>) => {
      await sweepIn(trial, 2)
      await store.deleteThread(...args)
    },
    deleteThreadItem: async (...args: Parameters<typeof store.deleteThreadItem>) => {
      await sweepIn(trial, 2)
      await store.deleteThreadItem(...args)
    },
  })
  return trial.createStorage({ store: sweeping, attachments, actor: ({ user }) => user })
}
