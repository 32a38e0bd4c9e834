/** What answers at this URL calls itself, such as `AmazonS3`; if nothing, its host. Rejects when nothing answers. */
export async function serviceName(url: string): Promise<string> {
  const { origin, pathname, host } = new URL(url)
  const response = await fetch(origin + pathname, { signal: AbortSignal.timeout(30_000) })
  await response.body?.cancel()
  return response.headers.get('server') ?? host
}
