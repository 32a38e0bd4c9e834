import { readConfig, withoutSecrets } from './config.ts'
import { quietSdk } from './quiet-sdk.ts'
import { startServer } from './server.ts'

try {
  const config = readConfig(process.env)
  quietSdk()
  const server = await startServer(config)
  console.log(`  store  ${withoutSecrets(config.store)}`)
  console.log(`  files  ${withoutSecrets(config.files)}`)
  console.log(`  data   ${config.dataDir}`)
  console.log(`\n  Chat at ${server.url}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await server.close()
      process.exit(0)
    })
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
