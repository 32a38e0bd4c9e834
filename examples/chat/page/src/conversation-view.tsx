import { useEffect, useRef } from 'react'
import type { Chat } from './chat.ts'
import { Composer } from './composer.tsx'
import type { Conversation } from './conversation.ts'
import type { Asked } from './dialogs.tsx'
import { Icon, Mark } from './icons.tsx'
import { Message, UserText } from './message.tsx'
import { Notice } from './notice.tsx'
import { useObserved } from './observable.ts'
import { useScroll } from './use-scroll.ts'

interface ConversationViewProps {
  chat: Chat
  conversation: Conversation
  /** Something lies over it. */
  covered: boolean
  onMenu: () => void
  onNew: () => void
  onAsk: (asked: Asked) => void
}

const headings = { opening: '', ready: 'New chat', answering: 'New chat', missing: 'Not found' }

export function ConversationView({ chat, conversation, covered, onMenu, onNew, onAsk }: ConversationViewProps) {
  const state = useObserved(conversation)
  const { thread, items, sending, phase } = state
  const { box, atEnd, onScroll, toEnd } = useScroll(conversation, items[0]?.id, state)
  const empty = items.length === 0 && !sending

  return (
    <main className="conversation" inert={covered}>
      <header className="bar">
        <button type="button" className="icon-button only-narrow" aria-label="Show the list of chats" onClick={onMenu}>
          <Icon name="menu" />
        </button>
        <h1>{thread ? thread.title || 'Untitled chat' : headings[phase]}</h1>
        {thread && (
          <>
            <button
              type="button"
              className="icon-button"
              aria-label="Rename chat"
              onClick={() => onAsk({ question: 'rename', thread })}
            >
              <Icon name="pen" />
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label="Delete chat"
              onClick={() => onAsk({ question: 'delete', thread })}
            >
              <Icon name="bin" />
            </button>
          </>
        )}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls with the arrow keys. */}
      <section className="scroll" aria-label="Messages" tabIndex={0} ref={box} onScroll={onScroll}>
        {phase === 'missing' ? <Missing onNew={onNew} /> : empty && <Welcome opening={phase === 'opening'} />}
        <div className="column">
          <Older conversation={conversation} />
          <Items conversation={conversation} />
        </div>
      </section>
      <div className="dock">
        {!atEnd && (
          <button type="button" className="to-end" aria-label="Go to the newest message" onClick={toEnd}>
            <Icon name="down" />
          </button>
        )}
        {phase !== 'missing' && <Composer chat={chat} conversation={conversation} onSent={toEnd} />}
      </div>
      <Spoken conversation={conversation} />
    </main>
  )
}

function Items({ conversation }: { conversation: Conversation }) {
  const { items, sending, phase, writing, progress, failure } = useObserved(conversation)
  const waiting = phase === 'answering' && !writing
  return (
    <>
      {items.map((item) => (
        <Message key={item.id} item={item} writing={phase === 'answering' && item.id === writing} />
      ))}
      {sending && <UserText {...sending} sending />}
      {waiting && (
        <p className="waiting">
          <Mark />
          <span className="dots" />
          {progress}
        </p>
      )}
      {failure && (
        <Notice
          message={failure.message}
          calm={failure.calm ?? false}
          onRetry={failure.remedy && (() => void conversation.retry())}
        />
      )}
    </>
  )
}

/** Loads the page above when it comes into view; a button for those who do not scroll. */
function Older({ conversation }: { conversation: Conversation }) {
  const { older, phase } = useObserved(conversation)
  const button = useRef<HTMLButtonElement>(null)
  const shown = older !== 'none' && phase !== 'opening'
  useEffect(() => {
    if (!shown || older !== 'more' || !button.current) return
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting && !conversation.state.failure) void conversation.loadOlder()
    })
    observer.observe(button.current)
    return () => observer.disconnect()
  }, [shown, older, conversation])
  if (!shown) return null
  return (
    <button ref={button} type="button" className="older" onClick={() => void conversation.loadOlder()}>
      {older === 'loading' ? 'Loading…' : 'Older messages'}
    </button>
  )
}

function Welcome({ opening }: { opening: boolean }) {
  if (opening) return <p className="middle">Loading…</p>
  return (
    <div className="middle">
      <Mark />
      <h2>What’s on your mind?</h2>
      <p>Ask something, or drop a file here. Every chat is kept, and waits in the list.</p>
    </div>
  )
}

function Missing({ onNew }: { onNew: () => void }) {
  return (
    <div className="middle" role="alert">
      <h2>This chat is not here</h2>
      <p>It was deleted, or it belongs to somebody else.</p>
      <button type="button" className="button primary" onClick={onNew}>
        New chat
      </button>
    </div>
  )
}

/** Answers read aloud once they are whole; a screen reader would stumble over single words. */
function Spoken({ conversation }: { conversation: Conversation }) {
  const { phase, answer } = useObserved(conversation)
  return (
    <p className="spoken" aria-live="polite">
      {phase === 'answering' ? 'The answer is being written.' : answer}
    </p>
  )
}
