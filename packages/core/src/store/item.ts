import type { Attachment } from '../attachments/attachment.ts'
import type { Source } from './source.ts'
import type { Task, Workflow } from './workflow.ts'

/** Anything in a thread. Types and fields that are not named here survive at run time too. */
export type ThreadItem =
  | UserMessageItem
  | AssistantMessageItem
  | ClientToolCallItem
  | WidgetItem
  | WorkflowItem
  | TaskItem
  | HiddenContextItem
  | EndOfTurnItem

interface ItemBase {
  /** Unique within its thread, and only there. */
  id: string
  thread_id: string
  /** An ISO 8601 instant; without a zone it means UTC. It comes back as the string it went in. */
  created_at: string
}

export interface UserMessageItem extends ItemBase {
  type: 'user_message'
  content: UserMessageContent[]
  attachments: Attachment[]
  quoted_text?: string | null
  inference_options: { tool_choice?: { id: string } | null; model?: string | null }
}

export type UserMessageContent =
  | { type: 'input_text'; text: string }
  | { type: 'input_tag'; id: string; text: string; data: Record<string, unknown>; interactive: boolean }

export interface AssistantMessageItem extends ItemBase {
  type: 'assistant_message'
  content: AssistantMessageContent[]
}

export interface AssistantMessageContent {
  type: 'output_text'
  text: string
  annotations: Annotation[]
}

export interface Annotation {
  type: 'annotation'
  source: Source
  index?: number | null
}

export interface ClientToolCallItem extends ItemBase {
  type: 'client_tool_call'
  status: 'pending' | 'completed'
  call_id: string
  name: string
  arguments: Record<string, unknown>
  output?: unknown
}

export interface WidgetItem extends ItemBase {
  type: 'widget'
  // biome-ignore lint/suspicious/noExplicitAny: the protocol's widget tree has dozens of component types and keeps growing
  widget: any
  copy_text?: string | null
}

export interface WorkflowItem extends ItemBase {
  type: 'workflow'
  workflow: Workflow
}

export interface TaskItem extends ItemBase {
  type: 'task'
  task: Task
}

export interface HiddenContextItem extends ItemBase {
  type: 'hidden_context_item'
  content: unknown
}

export interface EndOfTurnItem extends ItemBase {
  type: 'end_of_turn'
}

/** The kinds of things a store makes ids for. */
export type StoreItemType = 'message' | 'tool_call' | 'task' | 'workflow' | 'attachment'
