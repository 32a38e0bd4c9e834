import type { StreamEvent } from './protocol.ts'
import { post } from './request.ts'

/** Asks the chat endpoint for a streamed answer and gives its events as they arrive. */
export async function* streamEvents(type: string, params: object, signal: AbortSignal): AsyncGenerator<StreamEvent> {
  const response = await post('/chatkit', { type, params }, signal)
  if (!response.body) return
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const blocks = (rest + value).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      if (block.startsWith('data: ')) yield JSON.parse(block.slice('data: '.length))
    }
  }
}
