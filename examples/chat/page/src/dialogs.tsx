import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { Chat } from './chat.ts'
import { identity } from './identity.ts'
import type { Thread } from './protocol.ts'
import { inWords } from './request.ts'

/** What the person is being asked. */
export type Asked = { question: 'delete' | 'rename'; thread: Thread } | { question: 'identity' }

interface DialogsProps {
  asked: Asked
  chat: Chat
  onIdentity: (name: string) => void
  onClose: () => void
}

export function Dialogs({ asked, chat, onIdentity, onClose }: DialogsProps) {
  switch (asked.question) {
    case 'delete':
      return (
        <Dialog
          title="Delete this chat?"
          confirm="Delete"
          danger
          onClose={onClose}
          onConfirm={() => chat.delete(asked.thread.id)}
        >
          <p>“{asked.thread.title || 'Untitled chat'}” and everything in it will be gone for good.</p>
        </Dialog>
      )
    case 'rename':
      return (
        <Dialog
          title="Rename chat"
          confirm="Save"
          onClose={onClose}
          onConfirm={(title) => chat.rename(asked.thread, title)}
        >
          <Field label="Title" value={asked.thread.title ?? ''} required />
        </Dialog>
      )
    case 'identity':
      return (
        <Dialog title="Who are you?" confirm="Save" onClose={onClose} onConfirm={async (name) => onIdentity(name)}>
          <p>Chats belong to the name you give here. Without one you are a guest, known by a cookie.</p>
          <Field label="Name" value={identity()} />
        </Dialog>
      )
  }
}

interface DialogProps {
  title: string
  confirm: string
  danger?: boolean
  children: ReactNode
  /** Called with the field's text; the dialog stays open and says why when this rejects. */
  onConfirm: (text: string) => Promise<void>
  onClose: () => void
}

function Dialog({ title, confirm, danger = false, children, onConfirm, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
  }, [])

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get('text') ?? '').trim()
    setBusy(true)
    try {
      await onConfirm(text)
      dialog.current?.close()
    } catch (error) {
      setFailure(inWords(error))
      setBusy(false)
    }
  }

  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="dialog-title" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="dialog-title">{title}</h2>
        {children}
        {failure && (
          <p className="field-failure" role="alert">
            {failure}
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className={danger ? 'button danger' : 'button primary'} disabled={busy}>
            {confirm}
          </button>
        </div>
      </form>
    </dialog>
  )
}

function Field({ label, value, required = false }: { label: string; value: string; required?: boolean }) {
  return (
    <label className="field">
      <span>{label}</span>
      <input name="text" defaultValue={value} required={required} maxLength={200} autoComplete="off" />
    </label>
  )
}
