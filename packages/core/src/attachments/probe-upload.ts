import { createHash } from 'node:crypto'
import { clockFinding } from '../policy/findings.ts'
import type { Finding } from '../store/finding.ts'
import type { UploadDescriptor } from './attachment.ts'
import type { BlobDriver } from './blob-driver.ts'
import { preflightFinding } from './preflight-finding.ts'
import type { BlobProbe } from './probe-blobs.ts'

const content = 'probe'

/**
 * Sends through a signed URL what it is signed for and, where the driver says that the service refuses it, what not;
 * fetches it through another. Compares the clocks, and when all is well asks for each origin what its browsers ask.
 */
export async function probeUpload(driver: BlobDriver, key: string, probe: BlobProbe): Promise<Finding[]> {
  const { size, checksum, createOnly } = driver.enforces
  const sha256 = checksum ? createHash('sha256').update(content).digest('hex') : null
  const expiresAt = new Date(Date.now() + 300_000)
  const upload = await driver.signUpload(key, { size: content.length, type: 'text/plain', sha256, expiresAt })
  const longer = size ? await send(upload, 'longer') : null
  const other = checksum ? await send(upload, 'other') : null
  const before = Date.now()
  const sent = await send(upload, content)
  const clock = sent.date === null ? [] : [clockFinding(Date.parse(sent.date), before, Date.now())]
  const again = createOnly ? await send(upload, content) : null
  const url = await driver.signDownload(key, { disposition: 'attachment', type: 'text/plain', expiresAt })
  const got = await (await fetch(url)).text()
  const strays = [longer, other, again].filter((answer) => answer?.ok)
  if (strays.length > 0 || sent.ok) await driver.delete(key)
  if (strays.length > 0) return [failed('the service stores what its URLs are not signed for: do not use it'), ...clock]
  if (!sent.ok) return [failed(refusal(sent, clock, probe)), ...clock]
  if (got !== content) return [failed('an uploaded object came back changed'), ...clock]
  const uploaded = { topic: 'upload', level: 'ok', message: 'a signed upload was stored and fetched' } as const
  const preflights = (probe.origins ?? []).map((origin) => preflightFinding(origin, upload, probe.corsSetting))
  return [uploaded, ...clock, ...(await Promise.all(preflights))]
}

interface Answer {
  readonly ok: boolean
  readonly status: number
  readonly date: string | null
  readonly text: string
}

async function send({ url, method, headers }: UploadDescriptor, body: string): Promise<Answer> {
  const answer = await fetch(url, { method, headers, body, redirect: 'manual' })
  return { ok: answer.ok, status: answer.status, date: answer.headers.get('date'), text: await answer.text() }
}

function refusal({ status, text }: Answer, [clock]: readonly Finding[], { explainRefusal }: BlobProbe): string {
  // S3, Google Cloud Storage and Azure all answer so.
  const code = /<Code>([A-Za-z]{1,64})<\/Code>/.exec(text)?.[1]
  const isOff = clock !== undefined && clock.level !== 'ok'
  const how = isOff ? 'the clocks disagree' : (explainRefusal(code ?? '') ?? 'the service says no more')
  return `the service refused a signed upload (${code ?? status}): ${how}`
}

function failed(message: string): Finding {
  return { topic: 'upload', level: 'error', message }
}
