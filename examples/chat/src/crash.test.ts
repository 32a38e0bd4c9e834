import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { ChatClient, sha256, textOf } from '../test/chat-client.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const running = new Set<ChildProcess>()
const folders: string[] = []

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})

/** Starts the server as a person does, and resolves with its address. */
async function start(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const env = { ...process.env, DATA_DIR: dataDir, PORT: '0' }
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  let printed = ''
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the server ended: ${printed}`)))
    child.stdout.on('data', (text) => {
      printed += text
      const url = /Chat at (\S+)/.exec(printed)?.[1]
      if (url) resolve({ child, url })
    })
  })
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
  running.delete(child)
}

it('loses no acknowledged message and no file, however often it is killed', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'threadkeep-crash-'))
  folders.push(dataDir)
  const acknowledged: string[] = []
  const files: string[] = []
  let thread = ''
  for (let round = 0; round < 3; round++) {
    const { child, url } = await start(dataDir)
    const ann = new ChatClient(url, 'ann')
    thread ||= (await ann.say('begin')).thread
    const bytes = crypto.getRandomValues(new Uint8Array(60_000))
    const { id } = await ann.upload(`file ${round}`, bytes, 'application/octet-stream')
    const { answer } = await ann.say(`file ${round}`, { thread, attachments: [id] })
    expect(answer).toContain(sha256(bytes))
    files.push(id)
    const talking = talk(ann, thread, round, acknowledged)
    await talking.busy
    await kill(child)
    await talking.ended
  }
  const { child, url } = await start(dataDir)
  const ann = new ChatClient(url, 'ann')
  const items = await ann.history(thread)
  const texts = items.filter(({ type }) => type === 'user_message').map(textOf)
  expect(texts).toEqual(expect.arrayContaining(acknowledged))
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
  expect(items.flatMap(({ attachments }) => attachments ?? []).map(({ id }) => id)).toEqual(files)
  await kill(child)
})

it('does not show a file that was half uploaded when it was killed', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'threadkeep-crash-'))
  folders.push(dataDir)
  const { child, url } = await start(dataDir)
  const bytes = new Uint8Array(5_000_000)
  const { id, upload_descriptor } = await new ChatClient(url, 'ann').create('half.bin', bytes)
  const { url: uploadUrl, method, headers } = upload_descriptor
  const upload = request(uploadUrl, { method, headers: { ...headers, 'content-length': bytes.byteLength } })
  const broken = once(upload, 'error')
  upload.write(bytes.subarray(0, 2_000_000))
  await new Promise<void>((resolve) => upload.once('drain', resolve))
  await kill(child)
  await broken
  const again = await start(dataDir)
  const ann = new ChatClient(again.url, 'ann')
  const refused = await ann.post('/attachments', { method: 'attachment.complete', params: { id } })
  expect([refused.status, await refused.json()]).toMatchObject([409, { error: { code: 'object_missing' } }])
  await kill(again.child)
})

/** Sends messages from several sides at once, noting each when its server has acknowledged it. */
function talk(client: ChatClient, thread: string, round: number, acknowledged: string[]) {
  let said = 0
  let enough: () => void = () => {}
  const busy = new Promise<void>((resolve) => {
    enough = resolve
  })
  const side = async (name: string) => {
    for (let i = 0; ; i++) {
      const text = `round ${round} ${name} ${i}`
      const input = { content: [{ type: 'input_text', text }], attachments: [] }
      for await (const { type, item } of client.stream('threads.add_user_message', { thread_id: thread, input })) {
        if (type !== 'thread.item.done' || item?.type !== 'user_message') continue
        acknowledged.push(text)
        if (++said === 12) enough()
      }
    }
  }
  const ended = Promise.allSettled(['left', 'middle', 'right'].map(side))
  return { busy, ended }
}
