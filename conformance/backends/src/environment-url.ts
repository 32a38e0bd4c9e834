import { Absent } from './first-that-answers.ts'

/** The URL of a server that the environment names for tests. Throws `Absent` when it names none. */
export function environmentUrl(variable: `THREADKEEP_TEST_${string}_URL`): string {
  const url = process.env[variable]
  if (!url) throw new Absent(`${variable} is not set`)
  return url
}
