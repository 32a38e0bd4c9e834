import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { toChart } from './chart.ts'
import { toMarkdown } from './markdown.ts'
import { Progress } from './progress.ts'
import { run } from './run.ts'

const usage = `pnpm bench [--quick] [--only <package>]... [--no-peers]

--quick      less than three minutes: fewer samples, smaller threads; prints the page, writes only .cache/bench.json
--only       measures this adapter alone, such as store-redis
--no-peers   installs and measures no peers

The first run makes what is missing of the servers and the peers, which takes some minutes more.`

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    'no-peers': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log(usage)
} else {
  const root = join(import.meta.dirname, '../../..')
  const progress = new Progress(process.stderr)
  const mode = values.quick ? 'quick' : 'full'
  const report = await run({ mode, only: values.only, peers: !values['no-peers'] }, (step) => progress.next(step))
  progress.end()
  await save(root, '.cache/bench.json', `${JSON.stringify(report, null, 2)}\n`)
  if (values.quick || values.only.length > 0) {
    console.log(toMarkdown(report, {}))
  } else {
    const charts: Record<string, string> = {}
    for (const store of report.stores) {
      charts[store.name] = `images/bench-${store.name}.svg`
      await save(root, `docs/${charts[store.name]}`, `${await toChart(store)}\n`)
    }
    await save(root, 'docs/benchmarks.json', `${JSON.stringify(report, null, 2)}\n`)
    await save(root, 'docs/benchmarks.md', toMarkdown(report, charts))
    console.log('written: docs/benchmarks.md')
  }
}

async function save(root: string, path: string, text: string): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true })
  await writeFile(join(root, path), text)
}
