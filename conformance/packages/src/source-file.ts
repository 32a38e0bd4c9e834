import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the checks know of a TypeScript file. */
export interface SourceFile {
  /** From the folder of its package, with `/`. */
  readonly path: string
  readonly lines: number
  /** Every module it names in `import`, `export … from` and `import()`, types included. */
  readonly imports: readonly string[]
}

/** The TypeScript files of a package, tests and browser pages included, in the order of their paths. */
export function readSources(folder: string): SourceFile[] {
  const paths = globSync('{src,test,page/src}/**/*.{ts,tsx}', { cwd: folder })
  return paths
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(folder, path), 'utf8')))
}

export function parseSource(path: string, text: string): SourceFile {
  const statements = text.matchAll(/^(?:import|export)\b(?:[^'"`;]*?\bfrom\b)?\s*'([^']+)'|\bimport\('([^']+)'\)/gm)
  const imports = [...statements].map(([, declared, called]) => (declared ?? called) as string)
  return { path, lines: text.split('\n').length - 1, imports: [...new Set(imports)] }
}

export function isTest(path: string): boolean {
  return !path.startsWith('src/') || path.endsWith('.test.ts')
}
