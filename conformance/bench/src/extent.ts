/** How much of everything a run does. */
export interface Extent {
  readonly warmUp: number
  readonly samples: number
  /** How long a side is listened to for one figure, in milliseconds, before it is enough. */
  readonly patience: number
  /** Items of the threads that are measured, the smallest first. */
  readonly sizes: readonly number[]
  /** Threads of the tenant whose threads are listed. */
  readonly threads: number
  /** Items of a thread that is deleted, and how many of them are. */
  readonly deleted: number
  readonly deletions: number
  /** How many samples are taken of files of a size in bytes. */
  readonly files: readonly FileExtent[]
  /** Of the file whose way through a process is watched, in bytes. */
  readonly largest: number
  /** Calls in one round of what is measured by the time of the processor. */
  readonly cpuCalls: number
}

interface FileExtent {
  /** In bytes. */
  readonly size: number
  readonly samples: number
}

export const KiB = 1024
export const MiB = 1024 * KiB
const GiB = 1024 * MiB

/** Less than three minutes, once the servers are there. */
export const quick: Extent = {
  warmUp: 30,
  samples: 150,
  patience: 2_000,
  sizes: [10, 10_000],
  threads: 1_000,
  deleted: 10_000,
  deletions: 1,
  files: [
    { size: KiB, samples: 50 },
    { size: MiB, samples: 20 },
  ],
  largest: 64 * MiB,
  cpuCalls: 500,
}

export const full: Extent = {
  warmUp: 200,
  samples: 1_500,
  patience: 30_000,
  sizes: [10, 10_000, 1_000_000],
  threads: 10_000,
  deleted: 100_000,
  deletions: 3,
  files: [
    { size: KiB, samples: 500 },
    { size: MiB, samples: 100 },
  ],
  largest: GiB,
  cpuCalls: 2_000,
}
