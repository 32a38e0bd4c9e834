import assert from 'node:assert/strict'

/** The call rejects with an error of this code, or of one of these; `what` names the call in the failure. */
export async function expectCode(
  call: Promise<unknown>,
  code: string | readonly string[],
  what = 'the call',
): Promise<void> {
  const wanted = [code].flat()
  const error = await call.then(
    (result) => assert.fail(`${what} must reject with ${wanted.join(' or ')}, but resolved with ${brief(result)}`),
    (reason: unknown) => reason,
  )
  if (error instanceof assert.AssertionError) throw error
  const found = error instanceof Error && 'code' in error ? error.code : undefined
  if (wanted.includes(String(found))) return
  const failure = new assert.AssertionError({
    message: `${what} must reject with ${wanted.join(' or ')}, but rejected with ${found ?? 'no code'}`,
    actual: found,
    expected: wanted[0],
  })
  throw Object.assign(failure, { cause: error })
}

/** As `assert.deepStrictEqual`, and keys in the same order. */
export function expectSame(actual: unknown, expected: unknown, message: string): void {
  assert.deepStrictEqual(actual, expected, message)
  assert.equal(JSON.stringify(actual), JSON.stringify(expected), `${message}: the keys are in another order`)
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
