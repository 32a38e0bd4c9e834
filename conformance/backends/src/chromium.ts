import { access, constants } from 'node:fs/promises'
import { debianPackage } from './debian-package.ts'
import { onPath } from './on-path.ts'

/**
 * The program of an installed Chrome or Chromium; on Debian, as root, Chromium is installed when there is none.
 * Undefined where neither works, with a line that says so; under `CI` that throws.
 */
export async function findChromium(): Promise<string | undefined> {
  try {
    return (await installed()) ?? (await debianPackage('chromium', 'chromium'))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const message = `no Chrome or Chromium to test the page in: ${reason}`
    if (process.env.CI) throw new Error(message, { cause })
    console.warn(`SKIPPED, ${message}`)
    return undefined
  }
}

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

async function installed(): Promise<string | undefined> {
  for (const program of programs) {
    const found = await onPath(program)
    if (found) return found
  }
  for (const file of applications) {
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return file
  }
  return undefined
}
