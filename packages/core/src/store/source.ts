/** What an answer or a task refers to. */
export type Source = UrlSource | FileSource | EntitySource

interface SourceBase {
  title: string
  description?: string | null
  timestamp?: string | null
  group?: string | null
}

export interface UrlSource extends SourceBase {
  type: 'url'
  url: string
  attribution?: string | null
}

export interface FileSource extends SourceBase {
  type: 'file'
  filename: string
}

export interface EntitySource extends SourceBase {
  type: 'entity'
  id: string
  icon?: string | null
  preview?: 'lazy' | null
}
