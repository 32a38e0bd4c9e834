import type { Thread } from './protocol.ts'

const dayMs = 86_400_000

/** The threads, in their order, under the day a person would call it. */
export function byDay(threads: readonly Thread[], now = new Date()): [string, Thread[]][] {
  return [...Map.groupBy(threads, ({ created_at }) => nameOf(new Date(created_at), now))]
}

function nameOf(date: Date, now: Date): string {
  const days = Math.round((midnight(now) - midnight(date)) / dayMs)
  if (days <= 0) return 'Today'
  if (days === 1) return 'Yesterday'
  if (days < 7) return 'This week'
  return date.toLocaleDateString(undefined, { month: 'long', year: 'numeric' })
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}
