import { tracingChannel } from 'node:diagnostics_channel'
import { describe, expect, it } from 'vitest'
import { Calls } from './calls.ts'
import { StorageError } from './errors.ts'
import { attachmentsChannel, type Observation, storeChannel } from './observe.ts'

const driver = {
  name: 'test',
  classify: (error: unknown) => (error instanceof RangeError ? ('unavailable' as const) : undefined),
}
const fail = (error: unknown) => async () => {
  throw error
}

describe('a call', () => {
  const calls = new Calls(driver, attachmentsChannel, 50)

  it('turns what the driver knows into its code, keeping the cause and not its words', async () => {
    const cause = new RangeError('connect db.internal user=admin password=hunter2')
    const error = await calls.run('load', fail(cause)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'unavailable', retryable: true, cause })
    expect(String(error)).toMatch(/^StorageError: test: load failed: the backend cannot be reached/)
    expect(String(error)).not.toContain('hunter2')
  })

  it('turns what nobody knows into an internal error', async () => {
    const error = calls.run('load', fail('a string'))
    await expect(error).rejects.toMatchObject({ name: 'InternalServerError', code: 'internal', cause: 'a string' })
  })

  it('leaves a typed error as it is', async () => {
    const error = new StorageError('conflict', 'mine')
    await expect(calls.run('load', fail(error))).rejects.toBe(error)
  })

  it('does not wait for ever', async () => {
    const never = calls.run('load', () => new Promise(() => {}))
    await expect(never).rejects.toMatchObject({ code: 'timeout', retryable: true })
  })

  it('waits without a deadline where there is none', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const hasty = new Calls(driver, attachmentsChannel, 1)
    const patient = hasty.runWithoutDeadline('setup', () => promise)
    await expect(hasty.run('load', () => new Promise(() => {}))).rejects.toMatchObject({ code: 'timeout' })
    resolve('done')
    expect(await patient).toBe('done')
  })

  it('sends nothing for an aborted signal, and says aborted when one aborts meanwhile', async () => {
    let sent = 0
    const count = async () => void sent++
    await expect(calls.runAbortable('read', AbortSignal.abort(), count)).rejects.toMatchObject({ code: 'aborted' })
    expect(sent).toBe(0)
    const abort = new AbortController()
    const aborting = calls.runAbortable('read', abort.signal, async () => {
      abort.abort()
      throw new Error('socket closed')
    })
    await expect(aborting).rejects.toMatchObject({ code: 'aborted' })
  })

  it('is refused after close', async () => {
    const closing = new Calls(driver, attachmentsChannel, 50)
    await closing.close()
    await expect(closing.run('load', async () => 1)).rejects.toMatchObject({ code: 'configuration', retryable: false })
  })
})

describe('an observer', () => {
  it('is told adapter, operation, duration, rows and bytes, and the code of an error; never contents', async () => {
    const seen: Observation[] = []
    const results: unknown[] = []
    const channel = tracingChannel<unknown, Observation & { result?: unknown }>('threadkeep:store')
    const subscriber = {
      start() {},
      end() {},
      error() {},
      asyncStart() {},
      asyncEnd(message: Observation & { result?: unknown }) {
        seen.push({ ...message })
        results.push(message.result)
      },
    }
    channel.subscribe(subscriber)
    const calls = new Calls(driver, storeChannel, 50)
    expect(
      await calls.run(
        'load',
        async () => 'body',
        (text) => ({ rows: 1, bytes: text.length }),
      ),
    ).toBe('body')
    await calls.run('save', fail(new RangeError('no'))).catch(() => {})
    channel.unsubscribe(subscriber)
    await calls.run('unseen', async () => 1)
    const common = { adapter: 'test', duration: expect.any(Number) }
    expect(seen).toMatchObject([
      { ...common, operation: 'load', rows: 1, bytes: 4 },
      { ...common, operation: 'save', code: 'unavailable' },
    ])
    expect(results).toEqual([undefined, undefined])
  })
})

it('close() lets calls under way end before the driver is closed, and refuses new ones at once', async () => {
  const told: string[] = []
  const calls = new Calls({ name: 'test', close: async () => void told.push('closed') }, storeChannel, 1_000)
  const { promise, resolve } = Promise.withResolvers<void>()
  const first = calls.run('load', () => promise.then(() => told.push('loaded')))
  const closing = calls.close()
  await expect(calls.run('load', async () => 1)).rejects.toMatchObject({ code: 'configuration' })
  resolve()
  await Promise.all([first, closing, calls.close()])
  expect(told).toEqual(['loaded', 'closed'])
})
