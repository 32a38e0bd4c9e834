/** `seconds` since 1970, negative before it, and the microseconds into that second. */
export interface Instant {
  readonly seconds: number
  readonly micros: number
}

const iso =
  /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:\s?([Zz])|([+-])(\d\d)(?::?(\d\d))?)?)?$/

/**
 * The instant of an ISO 8601 text; `undefined` for anything else. Without a zone it is UTC: the Python server writes naive
 * times, and reading them as local ones would reorder a thread whenever it moves to another machine.
 */
export function instantOf(text: unknown): Instant | undefined {
  const match = typeof text === 'string' ? iso.exec(text) : null
  if (!match) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', , sign, zoneHour, zoneMinute] =
    match
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined
  date.setUTCHours(Number(hour), Number(minute), Number(second))
  const zoneMinutes = (sign === '-' ? -1 : 1) * (Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0))
  const seconds = date.getTime() / 1000 - zoneMinutes * 60
  return Number.isNaN(seconds) ? undefined : { seconds, micros: Number(fraction.slice(0, 6).padEnd(6, '0')) }
}
