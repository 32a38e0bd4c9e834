const key = 'threadkeep-chat.user'

/** The name this browser chats under; empty for whoever the server's cookie says. */
export function identity(): string {
  return localStorage.getItem(key) ?? ''
}

export function setIdentity(name: string): void {
  if (name) localStorage.setItem(key, name)
  else localStorage.removeItem(key)
}

/** Header values are Latin-1, names are not. */
export function identityHeaders(): Record<string, string> {
  const name = identity()
  return name ? { 'x-user-id': encodeURIComponent(name) } : {}
}
