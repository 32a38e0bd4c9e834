import { type MouseEvent, memo, useState } from 'react'
import { Icon, Mark } from './icons.tsx'
import { textOf } from './items.ts'
import type { Attachment, ThreadItem } from './protocol.ts'
import { fileUrl, isLinkable, saveFile } from './save-file.ts'
import { previewOf } from './uploads.ts'

interface MessageProps {
  item: ThreadItem
  /** The answer is still being written. */
  writing?: boolean
}

export const Message = memo(function Message({ item, writing = false }: MessageProps) {
  switch (item.type) {
    case 'user_message':
      return <UserText text={textOf(item)} attachments={item.attachments ?? []} at={item.created_at} />
    case 'assistant_message':
      return (
        <article className="answer" aria-label="Answer" aria-busy={writing} title={timeOf(item.created_at)}>
          <Mark />
          <div className={writing ? 'text writing' : 'text'}>
            <Quoting text={textOf(item)} />
          </div>
        </article>
      )
    default:
      return <p className="other-item">({String(item.type).replaceAll('_', ' ')})</p>
  }
})

interface UserTextProps {
  text: string
  attachments: readonly Attachment[]
  at?: string
  sending?: boolean
}

/** What the person wrote, sent or on its way. */
export function UserText({ text, attachments, at = '', sending = false }: UserTextProps) {
  return (
    <article className={sending ? 'question sending' : 'question'} aria-label="You" title={timeOf(at)}>
      {attachments.length > 0 && (
        <ul className="attachments" aria-label="Files">
          {attachments.map((attachment) => (
            <li key={attachment.id}>
              <Attached attachment={attachment} />
            </li>
          ))}
        </ul>
      )}
      {text && <div className="text">{text}</div>}
    </article>
  )
}

/** Text in which lines that begin with `>` are quotes. */
function Quoting({ text }: { text: string }) {
  const parts = text.split(/(^>(?:.*\n>)*.*\n?)/m).filter(Boolean)
  return parts.map((part, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: an answer only grows at its end.
    return part.startsWith('>') ? <blockquote key={index}>{part.replace(/^> ?/gm, '').trimEnd()}</blockquote> : part
  })
}

function Attached({ attachment }: { attachment: Attachment }) {
  const [broken, setBroken] = useState(false)
  const [gone, setGone] = useState(false)
  const source = attachment.type === 'image' && !broken ? previewOf(attachment) : undefined
  if (source) {
    return <img className="picture" src={source} alt={attachment.name} loading="lazy" onError={() => setBroken(true)} />
  }
  const onClick = (event: MouseEvent) => {
    if (isLinkable()) return
    event.preventDefault()
    saveFile(attachment).catch(() => setGone(true))
  }
  return (
    <a className="file" href={fileUrl(attachment)} download={attachment.name} onClick={onClick}>
      <Icon name="file" />
      <span className="file-name">{gone ? `${attachment.name} is not available` : attachment.name}</span>
    </a>
  )
}

function timeOf(instant: string): string | undefined {
  return instant ? new Date(instant).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }) : undefined
}
