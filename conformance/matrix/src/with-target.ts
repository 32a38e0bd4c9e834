/** Hands a target to `use` where its backend can be had; says why, and skips, where it cannot. */
export type WithTarget<TTarget> = (use: (target: TTarget) => void | Promise<void>) => void | Promise<void>
