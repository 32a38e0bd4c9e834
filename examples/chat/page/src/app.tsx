import { type DragEvent, useEffect, useState } from 'react'
import { Chat } from './chat.ts'
import { ConversationView } from './conversation-view.tsx'
import { type Asked, Dialogs } from './dialogs.tsx'
import { identity, setIdentity } from './identity.ts'
import { useObserved } from './observable.ts'
import { Sidebar } from './sidebar.tsx'

export function App() {
  const [chat, setChat] = useState(() => new Chat())
  const [drawer, setDrawer] = useState(false)
  const [asked, setAsked] = useState<Asked | null>(null)
  const { conversation } = useObserved(chat)

  useEffect(() => {
    const show = () => chat.show()
    addEventListener('popstate', show)
    return () => removeEventListener('popstate', show)
  }, [chat])

  const open = (id: string | null) => {
    chat.go(id)
    setDrawer(false)
  }
  const become = (name: string) => {
    if (name === identity()) return
    setIdentity(name)
    chat.close()
    history.replaceState(null, '', location.pathname)
    setChat(new Chat())
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    void chat.uploads.add(event.dataTransfer.files)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping files is a shortcut; the button does the same.
    <div className="app" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <Sidebar chat={chat} open={drawer} onClose={() => setDrawer(false)} onOpen={open} onAsk={setAsked} />
      <ConversationView
        chat={chat}
        conversation={conversation}
        covered={drawer}
        onMenu={() => setDrawer(true)}
        onNew={() => open(null)}
        onAsk={setAsked}
      />
      {asked && <Dialogs asked={asked} chat={chat} onIdentity={become} onClose={() => setAsked(null)} />}
    </div>
  )
}
