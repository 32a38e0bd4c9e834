import { azureConnectionString, azureOptions, createAzureContainer } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storeIn } from '../test/store-in-a-container.ts'
import type { AzureAttachmentStore } from './index.ts'

const context = 'tenant'
const id = 'atc_1'
const wrongKey = Buffer.from('a wrong key that nobody may see').toString('base64')

await describeOn('azure', ({ url }) => {
  const { account, key } = azureOptions(url)
  let name = ''
  let drop = async () => {}
  beforeAll(async () => {
    ;({ name, drop } = await createAzureContainer(url))
  })
  afterAll(() => drop())

  describe('what is wrong is told by its code, without secrets:', () => {
    const faults: [
      fault: string,
      code: string,
      container: string | null,
      change: { key?: string; endpoint?: string },
    ][] = [
      ['no container', 'configuration', 'threadkeep-there-is-none', {}],
      ['a name that no container can have', 'configuration', 'x', {}],
      ['a wrong key', 'configuration', null, { key: wrongKey }],
      ['nobody listens', 'unavailable', null, { endpoint: `http://127.0.0.1:1/${account}` }],
    ]
    test.each(faults)('%s', async (_, code, container, change) => {
      const wrong = storeIn(container ?? name, { connectionString: azureConnectionString(url, change) })
      const calls: ((wrong: AzureAttachmentStore<string>) => Promise<unknown>)[] = [
        (wrong) => wrong.ping(),
        (wrong) => wrong.headAttachment(id, context),
        (wrong) => wrong.readAttachment(id, context),
        (wrong) => wrong.writeAttachment(id, Buffer.from('x'), context),
        (wrong) => wrong.writeAttachment(id, Buffer.alloc(9 * 2 ** 20), context),
        (wrong) => wrong.deleteAttachment(id, context),
        (wrong) => wrong.attachmentUrl(id, context),
      ]
      for (const [index, call] of calls.entries()) {
        const error = await call(wrong).then(
          () => expect.fail(`call ${index} did not fail`),
          (reason: Error) => reason,
        )
        expect(error, `call ${index}`).toMatchObject({ name: 'StorageError', code })
        for (const secret of [key, wrongKey]) expect(error.message).not.toContain(secret)
      }
    })
  })
})
