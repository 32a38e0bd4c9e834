import type { FileSource, UrlSource } from './source.ts'

/** What an agent did on the way to its answer. */
export interface Workflow {
  type: 'custom' | 'reasoning'
  tasks: Task[]
  summary?: { title: string; icon?: string | null } | { duration: number } | null
  expanded: boolean
}

export type Task =
  | ({ type: 'custom'; title?: string | null; icon?: string | null; content?: string | null } & TaskBase)
  | ({
      type: 'web_search'
      title?: string | null
      title_query?: string | null
      queries: string[]
      sources: UrlSource[]
    } & TaskBase)
  | ({ type: 'thought'; title?: string | null; content: string } & TaskBase)
  | ({ type: 'file'; title?: string | null; sources: FileSource[] } & TaskBase)
  | ({ type: 'image'; title?: string | null } & TaskBase)

interface TaskBase {
  status_indicator?: 'none' | 'loading' | 'complete'
}
