import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { platform, release, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DiskAttachmentStore } from '@threadkeep/attachments-disk'
import { serve } from '@threadkeep/conformance'
import type { BodyInput } from '@threadkeep/core'
import { adapterFiles } from './adapter-files.ts'
import { type FileBench, type FileSide, mimeType, twice } from './file-side.ts'

/** Beside a file that is written and synchronised, and a server that writes what it is sent. */
export async function openDisk(): Promise<FileBench> {
  const directory = await mkdtemp(join(tmpdir(), 'threadkeep-bench-'))
  const served = await serve((request) => store.handler(request))
  const secret = 'a secret of more than thirty-two bytes'
  const scope = (of: string) => of
  const store = new DiskAttachmentStore({ directory, baseUrl: served.url, secret, scope, maxBytes: 2 ** 31 })
  await store.setup()
  const bare = await serve(async ({ url, body }) => {
    await writeFile(join(directory, basename(url)), body ?? new Uint8Array())
    return new Response(null, { status: 201 })
  })
  return {
    name: 'attachments-disk',
    backend: `${platform()} ${release().split('-')[0]}`,
    sides: [adapterFiles(store), ...twice(bareFiles(directory, bare.url))],
    close: async () => {
      await store.close()
      await served.close()
      await bare.close()
      await rm(directory, { recursive: true })
    },
  }
}

function bareFiles(directory: string, url: string): FileSide {
  return {
    name: 'bare',
    sign: async (id) => ({ url: `${url}/${id}`, method: 'PUT', headers: { 'content-type': mimeType } }),
    write: (id, body) => writeFile(join(directory, id), body),
    read: async (id, range) => createReadStream(join(directory, id), range),
  }
}

async function writeFile(path: string, body: BodyInput): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(body)
    await file.sync()
  } finally {
    await file.close()
  }
}
