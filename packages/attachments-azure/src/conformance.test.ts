import { azureConnectionString, azureOptions, type BackendInfo, createAzureContainer } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import type { AttachmentTarget } from '@threadkeep/conformance'
import { testAttachmentStore } from '@threadkeep/conformance/vitest'
import adapter from '../package.json' with { type: 'json' }
import { AzureAttachmentStore } from './index.ts'

await describeOn('azure', (azure) => testAttachmentStore('azure', inContainer(azure)))

/** Every instance has a client of its own, on one container. */
function inContainer({ url, version, origin }: BackendInfo): AttachmentTarget {
  const container = createAzureContainer(url)
  const [name = '', number = ''] = version.split(' ')
  return {
    adapter,
    backend: { name, version: number, origin },
    secrets: [azureOptions(url).key],
    open: async (options) =>
      new AzureAttachmentStore({
        ...options,
        container: (await container).name,
        connectionString: azureConnectionString(url),
      }),
    close: async () => (await container).drop(),
  }
}
