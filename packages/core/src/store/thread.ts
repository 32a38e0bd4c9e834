/** A thread as a store keeps it: everything about a conversation but its items. Fields not named here survive too. */
export interface ThreadMetadata {
  id: string
  title?: string | null
  /** An ISO 8601 instant; it comes back as the string it went in. */
  created_at: string
  status: ThreadStatus
  metadata: Record<string, unknown>
}

export type ThreadStatus =
  | { type: 'active' }
  | { type: 'locked'; reason?: string | null }
  | { type: 'closed'; reason?: string | null }
