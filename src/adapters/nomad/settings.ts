import { readFileSync } from 'node:fs'
import { compact } from '../../core/compact.ts'
import { DroverError } from '../../errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Where Nomad is and how to speak to it, read and checked. */
export interface NomadSettings {
  /** For messages: holds no credentials. */
  readonly address: string
  readonly baseUrl: string
  readonly socketPath?: string
  readonly namespace: string
  readonly region?: string
  readonly tls?: NomadTls
  /** The token at this moment; one from a file is read anew, since Nomad renews those. */
  token(): string | undefined
}

export interface NomadTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
  readonly rejectUnauthorized?: false
}

const DEFAULT_ADDRESS = 'http://127.0.0.1:4646'
const TOKEN_FRESH_MS = 10_000

/** Reads the variables of Nomad's own command line, and NOMAD_TOKEN_FILE. Throws USAGE, naming the variable. */
export function nomadSettings(env: Environment): NomadSettings {
  const { address, ...place } = readAddress(env.NOMAD_ADDR || DEFAULT_ADDRESS)
  return {
    address,
    ...place,
    namespace: env.NOMAD_NAMESPACE || 'default',
    ...(env.NOMAD_REGION ? { region: env.NOMAD_REGION } : {}),
    ...(address.startsWith('https:') ? { tls: readTls(env) } : {}),
    token: tokenReader(env),
  }
}

function readAddress(text: string): Pick<NomadSettings, 'address' | 'baseUrl' | 'socketPath'> {
  const hint = 'Write it as http://HOST:4646, https://HOST:4646 or unix:///PATH.'
  let url: URL
  try {
    url = new URL(text)
  } catch (cause) {
    throw new DroverError('USAGE', `NOMAD_ADDR is not an address: ${JSON.stringify(withoutLogin(text))}`, {
      hint,
      cause,
    })
  }
  if (url.username || url.password)
    throw new DroverError('USAGE', 'NOMAD_ADDR holds a user name or password, which Nomad does not take', {
      hint: 'Put a token into NOMAD_TOKEN, or into a file that NOMAD_TOKEN_FILE names.',
    })
  if (url.protocol === 'unix:') {
    const socketPath = decodeURIComponent(url.pathname)
    return { address: `unix://${socketPath}`, baseUrl: 'http://127.0.0.1', socketPath }
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new DroverError(
      'USAGE',
      `NOMAD_ADDR is not an http address: ${JSON.stringify(withoutLogin(text))}`,
      { hint },
    )
  const address = `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  return { address, baseUrl: address }
}

function withoutLogin(text: string): string {
  return text.replace(/[^/@]*@/, '')
}

function readTls(env: Environment): NomadTls {
  const skip = ['1', 'true', 't', 'TRUE', 'True', 'T'].includes(env.NOMAD_SKIP_VERIFY ?? '')
  return compact({
    ca: readNamed(env, 'NOMAD_CACERT'),
    cert: readNamed(env, 'NOMAD_CLIENT_CERT'),
    key: readNamed(env, 'NOMAD_CLIENT_KEY'),
    servername: env.NOMAD_TLS_SERVER_NAME || undefined,
    rejectUnauthorized: skip ? (false as const) : undefined,
  })
}

function tokenReader(env: Environment): () => string | undefined {
  const given = env.NOMAD_TOKEN || undefined
  if (given !== undefined || !env.NOMAD_TOKEN_FILE) return () => given
  let token = readNamed(env, 'NOMAD_TOKEN_FILE')?.trim()
  let readAt = performance.now()
  return () => {
    if (performance.now() - readAt < TOKEN_FRESH_MS) return token
    readAt = performance.now()
    try {
      token = readNamed(env, 'NOMAD_TOKEN_FILE')?.trim()
    } catch {
      // It is being replaced: the one that is known may still do.
    }
    return token
  }
}

function readNamed(env: Environment, variable: string): string | undefined {
  const file = env[variable]
  if (!file) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new DroverError('USAGE', `cannot read ${file}, which ${variable} names`, { cause })
  }
}
