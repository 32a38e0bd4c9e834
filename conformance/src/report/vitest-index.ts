import { reportFolder, writeReportIndex } from './report-folder.ts'

/** Global setup of a run of vitest: its last act is one page over all reports. */
export async function teardown(): Promise<void> {
  await writeReportIndex(reportFolder())
}
