import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { BlobSASPermissions, generateBlobSASQueryParameters } from '@azure/storage-blob'
import { type AzureWithTokens, azureOptions } from '@threadkeep/backends'
import { verifySas } from './verify-sas.ts'

export interface StrictGateway {
  /** URL of the blob service behind it. */
  readonly endpoint: string
  close(): Promise<void>
}

/**
 * Stands before an Azurite that does not know signed headers: verifies what a user delegation key signed, refuses what
 * does not bring the headers as signed, and passes on the rest, signed in a way that Azurite verifies once more.
 */
export async function startStrictGateway(azure: AzureWithTokens): Promise<StrictGateway> {
  const { endpoint, account } = azureOptions(azure.url)
  const keys = new Map<string, string>()
  const tls = { cert: azure.certificate, key: azure.privateKey }
  const server = createServer(tls, (request, answer) => {
    const url = new URL(request.url ?? '/', endpoint)
    const key = keys.get(`${url.searchParams.get('skt')} ${url.searchParams.get('ske')}`)
    if (!url.searchParams.has('skoid')) return pass(request, answer, url, (xml) => learn(keys, xml))
    if (!key || !isGood(request, url, account, key)) return refuse(request, answer)
    pass(request, answer, signedAgain(url, account, key))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `https://127.0.0.1:${port}/${account}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function isGood({ method, headers }: IncomingMessage, url: URL, account: string, value: string): boolean {
  if (method !== 'PUT' && method !== 'GET' && method !== 'DELETE') return false
  const single = Object.entries(headers).map(([name, header]) => [name, String(header)])
  const signed = { method, url: url.href.replace(`/${account}/`, '/'), headers: Object.fromEntries(single) } as const
  return verifySas(signed, { account, value, delegated: true }, new Date())
}

/** The same grant without signed headers. */
function signedAgain(url: URL, account: string, value: string): URL {
  const of = (name: string): string => url.searchParams.get(name) ?? ''
  const [, , containerName = '', ...blob] = decodeURIComponent(url.pathname).split('/')
  const times = { signedStartsOn: new Date(of('skt')), signedExpiresOn: new Date(of('ske')) }
  const who = { signedObjectId: of('skoid'), signedTenantId: of('sktid') }
  const key = { ...who, ...times, signedService: of('sks'), signedVersion: of('skv'), value }
  const grant = { permissions: BlobSASPermissions.parse(of('sp')), expiresOn: new Date(of('se')) }
  const shown = { contentDisposition: of('rscd') || undefined, contentType: of('rsct') || undefined }
  const place = { containerName, blobName: blob.join('/'), version: '2025-11-05' }
  const sas = generateBlobSASQueryParameters({ ...place, ...grant, ...shown } as typeof place, key, account)
  return new URL(`${url.origin}${url.pathname}?${sas}`)
}

function learn(keys: Map<string, string>, xml: string): void {
  const of = (name: string) => new RegExp(`<${name}>([^<]+)`).exec(xml)?.[1] ?? ''
  keys.set(`${of('SignedStart')} ${of('SignedExpiry')}`, of('Value'))
}

function refuse(request: IncomingMessage, answer: ServerResponse): void {
  request.resume()
  answer.writeHead(403, { 'x-ms-error-code': 'AuthenticationFailed' })
  answer.end('<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code></Error>')
}

function pass(request: IncomingMessage, answer: ServerResponse, url: URL, look?: (xml: string) => void): void {
  const { method, headers } = request
  const onward = httpsRequest(url, { method, headers, agent: false })
  onward.on('error', () => answer.destroy())
  request.on('close', () => request.complete || onward.destroy())
  answer.on('close', () => answer.writableFinished || onward.destroy())
  onward.on('response', async (response) => {
    answer.writeHead(response.statusCode ?? 500, response.headers)
    if (!look || !url.searchParams.get('comp')?.startsWith('userdelegationkey')) return response.pipe(answer)
    const xml = await text(response)
    look(xml)
    return answer.end(xml)
  })
  request.pipe(onward)
}
