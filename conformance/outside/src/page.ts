import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root: string = join(import.meta.dirname, '../../..')
export const pagePath: string = join(root, 'docs/add-an-adapter.md')

const fence = /(?:<!-- (file|from): ([^\s#]+)(?:#(\S+))? -->\n)?```(\w*)\n([\s\S]*?)```/g

/** What a reader does at one fenced block. */
export type Step = { readonly write: string; readonly text: string } | { readonly run: string }

/** The page with every `from` block as its file is now. */
export function withFiles(page: string): string {
  return page.replace(fence, (block, kind, path, region, language) =>
    kind === 'from'
      ? `<!-- from: ${path}${region ? `#${region}` : ''} -->\n\`\`\`${language}\n${excerpt(path, region)}\`\`\``
      : block,
  )
}

/** What the page tells a reader to do, in its order. A file of which the page shows a part is copied whole. */
export function stepsOf(page: string): Step[] {
  return [...page.matchAll(fence)].flatMap(([, kind, path = '', , language, text = '']): Step[] => {
    if (kind === 'file') return [{ write: path, text }]
    if (kind === 'from') return [{ write: path.replace(/^examples\/[^/]+\//, ''), text: withoutMarks(read(path)) }]
    return language === 'sh' ? [{ run: text }] : []
  })
}

/** A region of a file without its indentation, or all of it. */
function excerpt(path: string, region: string | undefined): string {
  const text = read(path)
  if (region === undefined) return withoutMarks(text)
  const found = new RegExp(`^( *)// #region ${region}\\n([\\s\\S]*?)^ *// #endregion\\n`, 'm').exec(text)
  if (!found) throw new Error(`${path} has no region ${region}`)
  return (found[2] ?? '').replace(new RegExp(`^${found[1]}`, 'gm'), '')
}

function withoutMarks(text: string): string {
  return text.replace(/^ *\/\/ #(?:region \S+|endregion)\n/gm, '')
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
