import { randomInt } from 'node:crypto'
import { instantOf } from './instant.ts'

const offset = 10n ** 19n
const max = 2n * offset - 1n
let lastStamp = 0n

/**
 * The sort key a row gets at its first save: the instant of `created_at`, then a stamp of this process that only grows,
 * then six random characters. ASCII of a fixed width, so bytes compare like instants and no backend meets a date.
 * An unreadable `created_at` counts as now.
 */
export function newPosition(createdAt: unknown): string {
  const now = microsNow()
  const instant = clamp((instantOf(createdAt) ?? now) + offset)
  return `${instant.toString().padStart(20, '0')}${nextStamp(now)}${randomTail()}`
}

/** 16 digits of microseconds, which last until the year 2286; two calls in one microsecond still differ. */
function nextStamp(now: bigint): string {
  lastStamp = now > lastStamp ? now : lastStamp + 1n
  return lastStamp.toString().padStart(16, '0')
}

/** Keeps the positions of two processes apart. */
function randomTail(): string {
  return randomInt(36 ** 6)
    .toString(36)
    .padStart(6, '0')
}

function microsNow(): bigint {
  return BigInt(Date.now()) * 1000n
}

function clamp(value: bigint): bigint {
  if (value < 0n) return 0n
  return value > max ? max : value
}
