/** How long a case, or opening and closing the target, may take, in milliseconds. */
export const patienceMs = 60_000

const slowPatienceMs = 300_000

/** How long the case may take, in milliseconds, however it is run. */
export function patienceOf({ slow }: { readonly slow?: boolean }): number {
  return slow ? slowPatienceMs : patienceMs
}
