import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { Chat } from './chat.ts'
import { byDay } from './days.ts'
import type { Asked } from './dialogs.tsx'
import { Icon, Mark } from './icons.tsx'
import { identity } from './identity.ts'
import { Notice } from './notice.tsx'
import { useObserved } from './observable.ts'

interface SidebarProps {
  chat: Chat
  /** On narrow screens, where it is a drawer. */
  open: boolean
  onClose: () => void
  onOpen: (id: string | null) => void
  onAsk: (asked: Asked) => void
}

export function Sidebar({ chat, open, onClose, onOpen, onAsk }: SidebarProps) {
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (open) first.current?.focus()
  }, [open])
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && open) onClose()
  }
  return (
    <>
      <aside className={open ? 'sidebar open' : 'sidebar'} aria-label="Chats" onKeyDown={closeOnEscape}>
        <div className="brand">
          <Mark />
          <span>threadkeep</span>
          <button type="button" className="icon-button only-narrow" aria-label="Close the list" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        <button ref={first} type="button" className="new-chat" onClick={() => onOpen(null)}>
          <Icon name="plus" />
          New chat
        </button>
        <ThreadNav chat={chat} onOpen={onOpen} />
        <button type="button" className="person" onClick={() => onAsk({ question: 'identity' })}>
          <span className="avatar">
            <Icon name="person" />
          </span>
          <span className="person-name">{identity() || 'Guest'}</span>
          <span className="person-change">Change</span>
        </button>
      </aside>
      {open && <div className="scrim" onClick={onClose} aria-hidden="true" />}
    </>
  )
}

function ThreadNav({ chat, onOpen }: Pick<SidebarProps, 'chat' | 'onOpen'>) {
  const { threads, more, loading, failure } = useObserved(chat.threads)
  const { conversation } = useObserved(chat)
  const { thread } = useObserved(conversation)
  const current = thread?.id ?? conversation.id
  return (
    <nav className="threads" aria-label="Your chats">
      {byDay(threads).map(([day, group]) => (
        <section key={day}>
          <h2>{day}</h2>
          <ul>
            {group.map(({ id, title }) => (
              <li key={id}>
                <a
                  href={`#${encodeURIComponent(id)}`}
                  aria-current={id === current ? 'page' : undefined}
                  onClick={(event) => {
                    if (event.metaKey || event.ctrlKey || event.shiftKey) return
                    event.preventDefault()
                    onOpen(id)
                  }}
                >
                  {title || 'Untitled chat'}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {threads.length === 0 && !more && <p className="nothing">Your chats will be listed here.</p>}
      {failure && <Notice message={failure} onRetry={() => void chat.threads.load()} />}
      {more && !failure && (
        <button type="button" className="older" disabled={loading} onClick={() => void chat.threads.load()}>
          {loading ? 'Loading…' : 'Older chats'}
        </button>
      )}
    </nav>
  )
}
