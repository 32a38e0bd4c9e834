import type { StoreTargetOptions, SuiteContext } from '@threadkeep/conformance'
import { RedisStore } from '../src/index.ts'
import { clientOf } from './redis-client.ts'

/** How another process of the suite opens the same server and prefix. */
export async function open(options: StoreTargetOptions, argument: string): Promise<RedisStore<SuiteContext>> {
  const { url, prefix } = JSON.parse(argument)
  return new ClosingStore(clientOf(url), { ...options, prefix })
}

/** Closes the client that was made for it. */
class ClosingStore extends RedisStore<SuiteContext> {
  readonly #client: ReturnType<typeof clientOf>

  constructor(client: ReturnType<typeof clientOf>, options: StoreTargetOptions & { prefix: string }) {
    super({ ...options, client })
    this.#client = client
  }

  override async close(): Promise<void> {
    await super.close()
    this.#client.disconnect()
  }
}
