const source = { type: 'url', title: 'A page', url: 'https://example.com/?q=1#top', description: null, group: 'g' }
const annotations = [
  { type: 'annotation', source, index: 3 },
  { type: 'annotation', source: { type: 'file', title: 'Plan', filename: 'plan.pdf' }, index: null },
  { type: 'annotation', source: { type: 'entity', id: 'e1', title: 'Ada', preview: 'lazy', icon: null } },
]
const picture = {
  type: 'image',
  id: 'a1',
  name: 'cat.png',
  mime_type: 'image/png',
  preview_url: 'https://example.com/1',
}
const tasks = [
  { type: 'custom', title: 'Plan', icon: 'notebook', content: null, status_indicator: 'loading' },
  { type: 'web_search', title_query: 'cats', queries: ['cats', ''], sources: [source] },
  { type: 'thought', content: 'Hm.', title: null },
]

/** The fields of one item of every type that servers are known to store, also of those the model does not name. */
export const itemSamples: Readonly<Record<string, object>> = {
  user_message: {
    content: [
      { type: 'input_text', text: 'Hello' },
      { type: 'input_tag', id: 'tag', text: '@Ada', data: { any: [null, 1] }, interactive: true },
    ],
    attachments: [picture],
    quoted_text: null,
    inference_options: { tool_choice: { id: 'search' }, model: null },
  },
  assistant_message: { content: [{ type: 'output_text', text: 'Hi', annotations }] },
  client_tool_call: { status: 'pending', call_id: 'call_1', name: 'pick', arguments: { 'a.b': [1] }, output: null },
  widget: { widget: { type: 'Card', children: [{ type: 'Text', value: 'x', size: 3 }] }, copy_text: null },
  workflow: { workflow: { type: 'reasoning', tasks, summary: { duration: 3.5 }, expanded: false } },
  task: { task: tasks[0] as object },
  hidden_context_item: { content: { any: 'thing', list: [1, 'two', null] } },
  sdk_hidden_context: { content: 'The user cancelled.' },
  end_of_turn: {},
  structured_input: { status: 'pending', fields: [{ id: 'f', options: [] }] },
  generated_image: { image: { id: 'g1', url: 'https://example.com/i.png' } },
  server_tool_call: { call_id: 'tool_call_1', output: [1, { two: null }] },
  handoff: { from: 'triage', to: 'billing' },
  'a type of the year 2040': { deep: [{ unknown: { fields: true } }] },
}
