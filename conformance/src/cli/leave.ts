const graceMs = 1_000

/**
 * Ends the process with this code: at once when nothing is open, else after a moment, saying what is. A run that was
 * interrupted (128 and more) left off in the middle of something, and ends at once.
 */
export function leave(code: number): void {
  if (code >= 128) process.exit(code)
  process.exitCode = code
  const patience = setTimeout(() => {
    const open = process.getActiveResourcesInfo().filter((name) => !['PipeWrap', 'TTYWrap'].includes(name))
    console.error(`the target left something open: ${[...new Set(open)].join(', ') || 'a pipe'}; ended anyway`)
    process.exit(code)
  }, graceMs)
  patience.unref()
}
