import { startOwnMongoDB } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { it, onTestFinished } from 'vitest'
import { keepsWhatWasSaid } from '../test/keeps-what-was-said.ts'

await describeOn('mongodb', (backend) => {
  it.skipIf(backend.origin === 'environment')('keeps what was said in the MongoDB that STORE names', async () => {
    const mongodb = await startOwnMongoDB()
    onTestFinished(() => mongodb.stop())
    await keepsWhatWasSaid(`${mongodb.url}/chat`, mongodb)
  })
})
