import { startOwnRedis } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { it, onTestFinished } from 'vitest'
import { keepsWhatWasSaid } from '../test/keeps-what-was-said.ts'

await describeOn('redis', (backend) => {
  it.skipIf(backend.origin === 'environment')('keeps what was said in the Redis that STORE names', async () => {
    const redis = await startOwnRedis({ appendonly: 'yes', appendfsync: 'always' })
    onTestFinished(() => redis.stop())
    await keepsWhatWasSaid(redis.url, redis)
  })
})
