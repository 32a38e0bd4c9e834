import type { AttachmentStore, Store, ThreadMetadata, UserMessageItem } from '@threadkeep/core'
import type { DriverAttachmentStore } from '@threadkeep/core/driver'
import { agents, ChatKitServer, type Logger, type ThreadStreamEvent } from 'chatkit-node-backend-sdk'
import { asModelEvents, echo } from './echo-agent.ts'
import type { User } from './identity.ts'

const titleLength = 60

/** A ChatKit server whose agent echoes. It goes through the SDK's streaming path, which adds every reply twice. */
export class ChatServer extends ChatKitServer<User> {
  readonly #files: DriverAttachmentStore<User>

  constructor(
    store: Store<User>,
    attachments: AttachmentStore<User>,
    files: DriverAttachmentStore<User>,
    logger: Logger,
  ) {
    super(store, attachments, logger)
    this.#files = files
  }

  override async *respond(
    thread: ThreadMetadata,
    message: UserMessageItem | null,
    user: User,
  ): AsyncGenerator<ThreadStreamEvent> {
    thread.title ??= titleOf(message)
    const context = agents.createAgentContext(thread, this.store, user)
    const text = message ? await echo(message, this.#files, user) : 'Thank you, I have got the result.'
    const events = asModelEvents(context.generateId('message'), text)
    for await (const event of agents.streamAgentResponse(context, events)) yield withoutDetails(event)
  }
}

/** The first words of the first message. */
function titleOf(message: UserMessageItem | null): string {
  const text = message?.content
    .map((part) => part.text)
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const title = text || message?.attachments[0]?.name || 'New chat'
  return title.length > titleLength ? `${title.slice(0, titleLength).toWellFormed()}…` : title
}

/** The SDK sends an error's own message to the browser; what a backend says is not for it. */
function withoutDetails(event: ThreadStreamEvent): ThreadStreamEvent {
  if (event.type !== 'error') return event
  return { type: 'error', code: 'agent_error', message: 'The answer broke off.', allow_retry: true }
}
