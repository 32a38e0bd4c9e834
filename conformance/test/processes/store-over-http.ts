import type { Store } from '@threadkeep/core'
import { DriverStore, type StoreDriver } from '@threadkeep/core/driver'
import type { StoreTargetOptions, SuiteContext } from '../../src/index.ts'

/** A store whose driver is asked over HTTP. */
export async function open(options: StoreTargetOptions, url: string): Promise<Store<SuiteContext>> {
  const send = async (method: string, args: unknown[]) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ method, args }) })
    const { result } = Object(await response.json())
    return result
  }
  const optional: unknown[] = ['name', 'classify', 'setup', 'ping', 'check', 'close']
  const driver = new Proxy<object>(
    {},
    {
      get: (_, method) => (optional.includes(method) ? undefined : (...args: unknown[]) => send(String(method), args)),
    },
  )
  return new DriverStore(driver as StoreDriver, options)
}
