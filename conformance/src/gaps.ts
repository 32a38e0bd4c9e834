import assert from 'node:assert/strict'
import type { Outcome } from './outcome.ts'

/** What a target declares: the names of gaps, each with the reason in words. */
export type Gaps = Readonly<Record<string, string | undefined>>

interface Gapped<TTrial> {
  readonly gap?: string
  run(trial: TTrial): Promise<void>
  opposite?(trial: TTrial): Promise<void>
}

/** Throws when a target declares a gap that no case knows, or one without a reason. */
export function checkGaps(declared: Gaps | undefined, cases: readonly { readonly gap?: string }[]): void {
  const known = [...new Set(cases.flatMap(({ gap }) => gap ?? []))]
  for (const [gap, reason] of Object.entries(declared ?? {})) {
    if (!known.includes(gap)) {
      throw new TypeError(`there is no gap ${JSON.stringify(gap)}; a target may declare ${known.join(', ')}`)
    }
    if (typeof reason !== 'string' || reason.trim() === '') {
      throw new TypeError(`the gap ${gap} needs its reason, in words`)
    }
  }
}

/**
 * Tries the promise of a case, or for a declared gap its opposite; a case that has none is skipped. When the opposite
 * does not hold because the promise does, the declaration is false, and the case fails with those words.
 */
export async function tryPromise<TTrial>(
  { gap, run, opposite }: Gapped<TTrial>,
  declared: Gaps | undefined,
  attempt: (look: (trial: TTrial) => Promise<void>) => Promise<void>,
): Promise<Outcome> {
  const reason = gap === undefined ? undefined : declared?.[gap]
  if (gap === undefined || reason === undefined) {
    await attempt(run)
    return { status: 'passed' }
  }
  if (!opposite) return { status: 'skipped', gap, reason }
  try {
    await attempt(opposite)
  } catch (refusal) {
    const kept = await attempt(run).then(
      () => true,
      () => false,
    )
    if (kept) assert.fail(`false declaration: the gap ${gap} is declared, but the store keeps the promise`)
    throw refusal
  }
  return { status: 'declared gap', gap, reason }
}
