import { type Instant, instantOf } from './instant.ts'

/** Makes every second that a date can have a number of 14 digits. */
const offset = 10 ** 13
let lastStamp = 0

/**
 * The sort key a row gets at its first save: the instant of `created_at`, then a stamp of this process that only grows,
 * then six random characters. ASCII of a fixed width, so bytes compare like instants and no backend meets a date.
 * An unreadable `created_at` counts as now.
 */
export function newPosition(createdAt: unknown): string {
  const now = Date.now()
  const { seconds, micros } = instantOf(createdAt) ?? toInstant(now)
  return `${digits(seconds + offset, 14)}${digits(micros, 6)}${nextStamp(now)}${randomTail()}`
}

/** 16 digits of microseconds, which last until the year 2255; two calls in one microsecond still differ. */
function nextStamp(now: number): string {
  lastStamp = Math.max(now * 1000, lastStamp + 1)
  return digits(lastStamp, 16)
}

/** Keeps the positions of two processes apart. */
function randomTail(): string {
  return Math.floor(Math.random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0')
}

function toInstant(millis: number): Instant {
  return { seconds: Math.floor(millis / 1000), micros: (millis % 1000) * 1000 }
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
