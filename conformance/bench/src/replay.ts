import { generateItem, generateThread } from './records.ts'
import { type StoreSide, type StoreSideName, tenant } from './store-side.ts'

/** One command of a client: its name or its SQL, and what goes with it. */
export type Command = readonly unknown[]

/** What a client has to do for a replay: send a command, and read the bodies of its reply. */
export interface Wire {
  send(command: Command): Promise<unknown>
  bodies(reply: unknown): readonly string[]
}

const marked = { thread: 'thr_marked', item: 'itm_marked', cursor: 'itm_cursor' }
const positionLike = /^\d{36}[0-9a-z]{6}$/

/**
 * The commands of an adapter, sent by its client alone. The adapter does each thing once, `seen` collects the commands
 * that go out, and from then on they are sent again with other ids, positions and bodies.
 */
export async function replaySides(
  names: readonly StoreSideName[],
  adapter: StoreSide,
  seen: Command[],
  wire: Wire,
): Promise<{ readonly sides: StoreSide[]; readonly commands: Readonly<Record<string, number>> }> {
  const record = async (call: () => Promise<unknown>): Promise<Command[]> => {
    seen.length = 0
    await call()
    return seen.splice(0)
  }
  const { thread, item, cursor } = marked
  await adapter.saveThread(thread)
  await adapter.addItem(thread, cursor)
  const commands = {
    saveThread: await record(() => adapter.saveThread(thread)),
    loadThread: await record(() => adapter.loadThread(thread)),
    listThreads: await record(() => adapter.listThreads(tenant, 20)),
    addItem: await record(() => adapter.addItem(thread, item)),
    lastItems: await record(() => adapter.lastItems(thread, 50)),
    pageItems: await record(() => adapter.pageItems(thread, cursor, 50, 0)),
    deleteThread: await record(() => adapter.deleteThread(thread)),
  }
  const sides = names.map((name) => replaySide(name, adapter, commands, wire))
  const counts = Object.fromEntries(Object.entries(commands).map(([method, sent]) => [method, sent.length]))
  return { sides, commands: counts }
}

function replaySide(
  name: StoreSideName,
  adapter: StoreSide,
  commands: Readonly<Record<string, readonly Command[]>>,
  wire: Wire,
): StoreSide {
  const send = async (method: string, names: Readonly<Record<string, string>>, body?: string): Promise<unknown[]> => {
    let found: unknown[] = []
    for (const command of commands[method] ?? []) {
      const reply = await wire.send(command.map((part) => substitute(part, names, body)))
      found = wire.bodies(reply).map((text) => JSON.parse(text) as unknown)
    }
    return found
  }
  return {
    name,
    saveThread: (id) => send('saveThread', { [marked.thread]: id }, JSON.stringify(generateThread(id))),
    loadThread: (id) => send('loadThread', { [marked.thread]: id }),
    listThreads: (of) => send('listThreads', { [tenant]: of }),
    deleteThread: (id) => send('deleteThread', { [marked.thread]: id }),
    addItem: (threadId, id) =>
      send('addItem', { [marked.thread]: threadId, [marked.item]: id }, JSON.stringify(generateItem(threadId, id))),
    lastItems: (threadId) => send('lastItems', { [marked.thread]: threadId }),
    pageItems: (threadId, after) => send('pageItems', { [marked.thread]: threadId, [marked.cursor]: after }),
    // Its rows are the adapter's.
    seed: (threadId, count) => adapter.seed(threadId, count),
    seedThreads: (of, count) => adapter.seedThreads(of, count),
    close: async () => {},
  }
}

function substitute(part: unknown, names: Readonly<Record<string, string>>, body: string | undefined): unknown {
  if (Array.isArray(part)) return part.map((inner) => substitute(inner, names, body))
  if (typeof part !== 'string') return part
  if (body !== undefined && part.startsWith('{"id":')) return body
  if (positionLike.test(part)) return nextPosition()
  let text = part
  for (const [from, to] of Object.entries(names)) text = text.replaceAll(from, to)
  return text
}

let last = 0

/** As wide as the adapter's, and as rising. */
export function nextPosition(): string {
  last = Math.max(Date.now() * 1000, last + 1)
  return `1${String(last).padStart(19, '0')}${String(last).padStart(16, '0')}abcdef`
}
