import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, verify } from 'node:crypto'

/** Of RFC 7515: how many seconds a clock may be ahead before its tokens are refused. */
const toleratedSeconds = 600

/** Why a token is not one of the account's. */
export type TokenFault = 'signature' | 'time'

/**
 * A service account of one run, of which only its public key stays here. Its private key goes into the URL that tests
 * are given, as a downloaded key file would into a deployment.
 */
export class ServiceAccount {
  readonly email = 'threadkeep@threadkeep.iam.gserviceaccount.test'
  readonly #key: KeyObject
  readonly #privateKey: Buffer
  readonly #issued = new Set<string>()

  constructor() {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    this.#key = createPublicKey(privateKey)
    this.#privateKey = privateKey.export({ type: 'pkcs8', format: 'der' })
  }

  /** With the account as user and its private key as password. */
  urlAt(origin: string): string {
    const credentials = { username: this.email, password: this.#privateKey.toString('base64url') }
    return Object.assign(new URL(origin), credentials).href
  }

  /** Whether the account's key made this RSA-SHA256 signature. */
  hasSigned(text: string, signature: Buffer): boolean {
    return verify('RSA-SHA256', Buffer.from(text), this.#key, signature)
  }

  /** What is wrong with a JSON Web Token that is to be the account's, if anything. */
  faultOf(token: string): TokenFault | undefined {
    const [head = '', payload = '', signature = '', ...rest] = token.split('.')
    if (rest.length > 0 || !this.hasSigned(`${head}.${payload}`, Buffer.from(signature, 'base64url'))) {
      return 'signature'
    }
    const { iss, iat, exp }: { iss: string; iat: number; exp: number } = JSON.parse(
      Buffer.from(payload, 'base64url').toString(),
    )
    if (iss !== this.email) return 'signature'
    const now = Date.now() / 1_000
    return iat <= now + toleratedSeconds && exp > now && exp - iat <= 3_600 ? undefined : 'time'
  }

  /** A token for whoever showed one signed by the account. */
  issueToken(): string {
    const token = `ya29.${randomBytes(24).toString('base64url')}`
    this.#issued.add(token)
    return token
  }

  /** Whether a call with this `authorization` is the account's: a token that was issued here, or one it signed itself. */
  isAuthorized(authorization: string | undefined): boolean {
    const [, token = ''] = /^Bearer (\S+)$/.exec(authorization ?? '') ?? []
    return this.#issued.has(token) || (token !== '' && this.faultOf(token) === undefined)
  }
}
