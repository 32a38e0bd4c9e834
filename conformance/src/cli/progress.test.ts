import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { Progress } from './progress.ts'

const clear = '\r\x1b[2K'

it('a terminal shows one line that changes, and keeps the lines of failures', () => {
  expect(shown({ isTTY: true })).toBe(
    `${clear}1/3: a/one${clear}2/3: a/two${clear}✗ a/two\n${clear}3/3, 1 failed: a/three${clear}`,
  )
})

it('elsewhere each case has a line of its own, and skips have their reason', () => {
  expect(shown({})).toBe('✓ a/one\n✗ a/two\n- a/three: it has no ledger\n')
})

function shown(terminal: { isTTY?: boolean }): string {
  const out = Object.assign(new PassThrough({ encoding: 'utf8' }), terminal)
  const progress = new Progress(out, 3)
  progress.begins('a/one')
  progress.ended('a/one', 'passed')
  progress.begins('a/two')
  progress.ended('a/two', 'failed')
  progress.begins('a/three')
  progress.ended('a/three', 'skipped', 'it has no ledger')
  progress.end()
  return out.read()
}
