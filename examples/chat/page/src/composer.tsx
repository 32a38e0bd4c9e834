import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Chat } from './chat.ts'
import type { Conversation } from './conversation.ts'
import { Icon } from './icons.tsx'
import { useObserved } from './observable.ts'
import { UploadChips } from './upload-chips.tsx'

interface ComposerProps {
  chat: Chat
  conversation: Conversation
  onSent: () => void
}

export function Composer({ chat, conversation, onSent }: ComposerProps) {
  const { uploads } = chat
  const { phase } = useObserved(conversation)
  const { files } = useObserved(uploads)
  const [text, setText] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const something = text.trim() !== '' || files.some(({ attachment }) => attachment)
  const ready = something && phase === 'ready' && !uploads.busy

  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation is another place to write.
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) field.current?.focus()
  }, [conversation])

  const send = () => {
    if (!ready) return
    void conversation.send({ text: text.trim(), attachments: uploads.take() })
    setText('')
    field.current?.focus()
    requestAnimationFrame(onSent)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  const onPaste = ({ clipboardData }: ClipboardEvent) => {
    if (clipboardData.files.length > 0) void uploads.add(clipboardData.files)
  }

  return (
    <form
      className="composer"
      aria-label="Write a message"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <UploadChips uploads={uploads} />
      <textarea
        ref={field}
        rows={1}
        value={text}
        aria-label="Message"
        placeholder="Write a message"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      <div className="composer-actions">
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Files to attach"
          onChange={({ currentTarget }) => {
            void uploads.add([...(currentTarget.files ?? [])])
            currentTarget.value = ''
          }}
        />
        <button type="button" className="icon-button" aria-label="Attach files" onClick={() => picker.current?.click()}>
          <Icon name="attach" />
        </button>
        <span className="hint">{uploads.busy ? 'Uploading…' : 'Enter sends, Shift + Enter starts a new line'}</span>
        {phase === 'answering' ? (
          <button type="button" className="send" aria-label="Stop" onClick={() => conversation.stop()}>
            <Icon name="stop" />
          </button>
        ) : (
          <button type="submit" className="send" aria-label="Send" disabled={!ready}>
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  )
}
