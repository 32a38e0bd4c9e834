/** Does work `0` to `count - 1`, in that order, with at most `width` of it under way. */
export async function inFlight(width: number, count: number, work: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: Math.min(width, count) }, worker))
}
