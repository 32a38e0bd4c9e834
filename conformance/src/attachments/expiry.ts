import assert from 'node:assert/strict'

const patienceMs = 30_000

/** Asks for the URL again and again until the server says that its time is over. */
export async function pollUntilRefused(url: string): Promise<void> {
  const end = performance.now() + patienceMs
  while (performance.now() < end) {
    const response = await fetch(url)
    await response.arrayBuffer()
    if (response.status >= 400 && response.status < 500) return
    assert.equal(response.status, 200, 'a download answers 200 until it is refused')
  }
  assert.fail(`a URL that lasts one second still works after ${patienceMs / 1000} seconds`)
}
