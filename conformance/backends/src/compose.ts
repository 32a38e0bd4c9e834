import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'

/** The part of a service in `docker-compose.test.yml` that a container started from code needs too. */
export interface ComposeService {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly tmpfs?: readonly string[]
  readonly healthcheck: { readonly test: ['CMD', ...string[]] | ['CMD-SHELL', string] }
}

/** Throws when the file names no such service. */
export async function composeService(name: string): Promise<ComposeService> {
  const text = await readFile(new URL('../../../docker-compose.test.yml', import.meta.url), 'utf8')
  const { services }: { services: Record<string, ComposeService> } = parse(text)
  const service = services[name]
  if (!service) throw new Error(`docker-compose.test.yml has no service ${name}`)
  return service
}

/** The version in the tag of the service's image, without a `v` before it: `1.8.0`. */
export async function composeVersion(name: string): Promise<string> {
  const { image } = await composeService(name)
  return image.replace(/^.*:v?/, '')
}
