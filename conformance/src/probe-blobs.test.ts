import { type BlobDriver, blobHandler, probeBlobs, UrlSigner } from '@threadkeep/core/driver'
import { MemoryBlobDriver } from '@threadkeep/core/memory'
import { expect, it, onTestFinished } from 'vitest'
import type { Handler } from './attachments/handler.ts'
import { looseHandler } from './mutants/loose-handler.ts'
import { withFault } from './mutants/mutant.ts'
import { serve } from './serve.ts'

const probe = { prefix: 'app', corsSetting: 'the settings', explain: () => undefined, explainRefusal: () => undefined }
const secret = 'a secret of more than thirty-two bytes'
const page = 'https://chat.example'

it('finds that all is well, and leaves nothing behind', async () => {
  const driver = await served((handler) => handler, [page])
  const findings = await probeBlobs(driver, { ...probe, origins: [page, 'https://other.example'] })
  expect(findings).toMatchObject([
    { topic: 'reachable', level: 'ok' },
    { topic: 'upload', level: 'ok' },
    { topic: 'clock', level: 'ok' },
    { topic: 'cors', level: 'ok' },
    { topic: 'cors', level: 'error' },
  ])
  expect(findings.at(-1)?.message).toMatch(
    /^pages of https:\/\/other\.example cannot upload: allow .* in the settings$/,
  )
  expect(await driver.list('app/', { after: null, limit: 10 })).toEqual([])
})

it('finds a service that stores what its URLs are not signed for', async () => {
  const driver = await served((handler, blobs) => looseHandler(handler, blobs, blobs.signer))
  const message = 'the service stores what its URLs are not signed for: do not use it'
  expect(await probeBlobs(driver, probe)).toContainEqual({ topic: 'upload', level: 'error', message })
  expect(await driver.list('app/', { after: null, limit: 10 })).toEqual([])
})

it('says what a service answers that refuses all uploads', async () => {
  const text = '<Error><Code>TenantIsGone</Code></Error>'
  const driver = await served(
    (handler) => async (request) => (request.method === 'PUT' ? new Response(text, { status: 403 }) : handler(request)),
  )
  const explainRefusal = (code: string) => `what ${code} means`
  const message = 'the service refused a signed upload (TenantIsGone): what TenantIsGone means'
  const findings = await probeBlobs(driver, { ...probe, explainRefusal })
  expect(findings).toContainEqual({ topic: 'upload', level: 'error', message })
})

it('throws what no setting explains', async () => {
  const driver = await served((handler) => handler)
  const failure = new Error('out of order')
  const head: BlobDriver['head'] = () => Promise.reject(failure)
  const broken = withFault<BlobDriver>(driver, { head })
  await expect(probeBlobs(broken, probe)).rejects.toBe(failure)
  expect(await driver.list('app/', { after: null, limit: 10 })).toEqual([])
})

/** A memory whose URLs are answered over HTTP by its handler, as `change` makes it. */
async function served(
  change: (handler: Handler, driver: MemoryBlobDriver) => Handler,
  origins: readonly string[] = [],
): Promise<MemoryBlobDriver> {
  const server = await serve((request) => handler(request))
  onTestFinished(() => server.close())
  const driver = new MemoryBlobDriver(new UrlSigner({ baseUrl: server.url, secret }))
  const handler = change(blobHandler(driver, driver.signer, { origins }), driver)
  return driver
}
