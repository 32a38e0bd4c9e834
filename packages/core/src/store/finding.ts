/** One thing that `check()` looked at. */
export interface Finding {
  /** What was looked at: reachable, schema, role, persistence, clock … */
  topic: string
  /** `warning`: it works, but a person would want to know. */
  level: 'ok' | 'warning' | 'error'
  /** What was found, and for anything but `ok` what to do. */
  message: string
}
