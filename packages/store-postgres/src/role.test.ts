import { describeOn } from '@threadkeep/backends/vitest'
import { runStoreCase, type StoreTargetOptions, storeCases } from '@threadkeep/conformance'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connected, createRole, dropRole, grantUse, openDatabase, type TestDatabase } from '../test/test-database.ts'
import { PostgresStore } from './index.ts'

const scope = () => 'tenant'

await describeOn('postgres', (postgres) => {
  describe('a role that may only use the tables', () => {
    let database: TestDatabase
    let role: { name: string; url: string }
    beforeAll(async () => {
      database = await openDatabase(postgres.url)
      role = await createRole(database)
      await using owner = new PostgresStore({ scope, url: database.url })
      await owner.setup()
      await grantUse(database, role.name)
    })
    afterAll(async () => {
      await dropRole(database, role.name)
      await database.drop()
    })

    it('may call setup() and check()', async () => {
      await using store = new PostgresStore({ scope, url: role.url })
      await store.setup()
      expect(levels(await store.check())).toMatchObject({ reachable: 'ok', schema: 'ok', role: 'ok' })
    })

    it('may not create anything', async () => {
      const client = await connected(role.url)
      onTestFinished(() => client.end())
      await expect(client.query('create schema other')).rejects.toMatchObject({ code: '42501' })
      await expect(client.query('create table threadkeep.other ()')).rejects.toMatchObject({ code: '42501' })
    })

    const fast = storeCases.filter(({ slow }) => !slow)
    it.each(fast)('keeps the promise $id', async (storeCase) => {
      const open = async (options: StoreTargetOptions) => new PostgresStore({ ...options, url: role.url })
      expect(await runStoreCase(storeCase, { open })).toEqual({ status: 'passed' })
    })
  })
})

function levels(findings: { topic: string; level: string }[]): Record<string, string> {
  return Object.fromEntries(findings.map(({ topic, level }) => [topic, level]))
}
