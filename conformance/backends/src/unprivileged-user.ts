import { execFileSync } from 'node:child_process'

/** As `spawn` takes it; empty for the user of this process. */
export interface ProcessUser {
  readonly uid?: number
  readonly gid?: number
}

/** Postgres and PgBouncer refuse to run as root: then they run as `nobody`, which every Unix has. */
export function unprivilegedUser(): ProcessUser {
  if (process.getuid?.() !== 0) return {}
  return { uid: idOfNobody('-u'), gid: idOfNobody('-g') }
}

function idOfNobody(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
}
