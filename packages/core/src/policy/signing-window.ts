const shortestSeconds = 900
/** Seven days, the longest that S3 and Google Cloud Storage sign for. */
const longestSeconds = 604_800

/**
 * When to say that a URL was signed, and for how many seconds: a quarter of an hour, doubled as often as needed, that
 * began in the past. So signing for the same end gives the same URL until half of its time is over, and browsers can
 * cache what it gives.
 */
export function signingWindow(expiresAt: Date): { readonly signedAt: Date; readonly seconds: number } {
  const end = Math.floor(expiresAt.getTime() / 1000)
  const left = end - Date.now() / 1000
  let seconds = shortestSeconds
  while (seconds < left) seconds *= 2
  seconds = Math.min(seconds, longestSeconds)
  return { signedAt: new Date((end - seconds) * 1000), seconds }
}
