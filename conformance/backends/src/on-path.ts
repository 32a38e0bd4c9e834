import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** The program's full path, or undefined. Looks in the folders of system programs too, which PATH often lacks. */
export async function onPath(program: string): Promise<string | undefined> {
  const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/usr/local/go/bin']
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...systemFolders]
  for (const folder of folders) {
    const file = join(folder, program)
    if (await isExecutable(file)) return file
  }
  return undefined
}

/** Whether there is a file that this user may run. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
