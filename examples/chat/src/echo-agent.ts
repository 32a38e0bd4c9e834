import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunStreamEvent } from '@openai/agents'
import type { Attachment, UserMessageItem } from '@threadkeep/core'
import type { DriverAttachmentStore } from '@threadkeep/core/driver'
import type { User } from './identity.ts'

/** Between two pieces of an answer, so that a person sees it being written. */
const pauseMs = 20
const mostPieces = 60

/** An agent without a model: quotes what the user wrote, and says of every file what its stored bytes are. */
export async function echo(message: UserMessageItem, files: DriverAttachmentStore<User>, user: User): Promise<string> {
  const text = message.content.map((part) => part.text).join('\n')
  const quoted = text === '' ? [] : ['You wrote:', ...text.split('\n').map((line) => `> ${line}`)]
  const described = await Promise.all(message.attachments.map((attachment) => describe(attachment, files, user)))
  return [...quoted, ...described].join('\n') || 'You sent an empty message.'
}

/** Name, byte count and sha256 of the bytes as they come back from the attachment store. */
async function describe(attachment: Attachment, files: DriverAttachmentStore<User>, user: User): Promise<string> {
  const { body } = await files.readAttachment(attachment.id, user)
  const sha256 = createHash('sha256')
  let bytes = 0
  for await (const chunk of body) {
    sha256.update(chunk)
    bytes += chunk.byteLength
  }
  return `${attachment.name}: ${bytes} bytes, sha256 ${sha256.digest('hex')}`
}

/** The answer as the events of a model that streams it, piece by piece. */
export async function* asModelEvents(id: string, text: string): AsyncGenerator<RunStreamEvent> {
  yield modelEvent({ type: 'response.output_item.added', item: { type: 'message', role: 'assistant', id } })
  yield modelEvent({ type: 'response.content_part.added', content_index: 0, part: { type: 'output_text', text: '' } })
  for (const delta of pieces(text)) {
    yield { type: 'raw_model_stream_event', data: { type: 'output_text_delta', delta } }
    await sleep(pauseMs)
  }
  yield modelEvent({ type: 'response.output_text.done', content_index: 0 })
  const content = [{ type: 'output_text', text, annotations: [] }]
  yield modelEvent({ type: 'response.output_item.done', item: { type: 'message', role: 'assistant', id, content } })
}

function modelEvent(event: Record<string, unknown>): RunStreamEvent {
  return { type: 'raw_model_stream_event', data: { type: 'model', event } }
}

/** Words, or longer pieces when there are many; at least two when there is anything to split. */
function pieces(text: string): string[] {
  const words = text.match(/\s*\S+\s*$|\s*\S+/g) ?? [text]
  const perPiece = Math.ceil(words.length / mostPieces)
  const joined: string[] = []
  for (let i = 0; i < words.length; i += perPiece) joined.push(words.slice(i, i + perPiece).join(''))
  return joined
}
