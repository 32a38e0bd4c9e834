import type { StoreSide } from './store-side.ts'

/** A store's backend with all the ways to use it, ready to be measured. */
export interface StoreBench {
  readonly name: string
  /** Product and version. */
  readonly backend: string
  /** Package and version; `undefined` when none is measured. */
  readonly peer: string | undefined
  readonly sides: readonly StoreSide[]
  /** How many commands the adapter sends, by method. */
  readonly commands: Readonly<Record<string, number>>
  close(): Promise<void>
}
