import { storeIn } from './store-in-a-folder.ts'

/** A process that writes the ids atc_0, atc_1 … one after the other and says after each how that went. */
const [directory = '', count = '0', content = '', bytes = '0'] = process.argv.slice(2)
const store = storeIn(directory)
for (let index = 0; index < Number(count); index++) {
  const outcome = await store.writeAttachment(`atc_${index}`, Buffer.alloc(Number(bytes), content), 'tenant').then(
    () => 'written',
    (error: { code: string }) => error.code,
  )
  process.stdout.write(`${outcome}\n`)
}
