import { readFileSync } from 'node:fs'
import { DroverError } from '../src/errors.ts'

/** Where Consul's agent is and how to talk to it. */
export interface ConsulSettings {
  /** `http://HOST:PORT`, `https://HOST:PORT`, or `unix:///PATH`. */
  readonly address: string
  readonly token?: string
  readonly namespace?: string
  readonly partition?: string
  /** PEM. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** False: any certificate will do. */
  readonly verify: boolean
  /** The name in the certificate, where it is not the host's. */
  readonly serverName?: string
}

type Env = Readonly<Record<string, string | undefined>>

/** By the variables that Consul's own command line reads. Throws USAGE for a file that cannot be read. */
export function consulSettings(env: Env): ConsulSettings {
  const file = (name: string): string | undefined => {
    const path = env[name]
    return path ? readSecret(path, name) : undefined
  }
  const given = {
    token: env.CONSUL_HTTP_TOKEN || file('CONSUL_HTTP_TOKEN_FILE')?.trim(),
    namespace: env.CONSUL_NAMESPACE,
    partition: env.CONSUL_PARTITION,
    ca: file('CONSUL_CACERT'),
    cert: file('CONSUL_CLIENT_CERT'),
    key: file('CONSUL_CLIENT_KEY'),
    serverName: env.CONSUL_TLS_SERVER_NAME,
  }
  return {
    address: addressOf(env.CONSUL_HTTP_ADDR || '127.0.0.1:8500', isOn(env.CONSUL_HTTP_SSL)),
    verify: env.CONSUL_HTTP_SSL_VERIFY === undefined || isOn(env.CONSUL_HTTP_SSL_VERIFY),
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value)) as Partial<typeof given>),
  } as ConsulSettings
}

/** Throws USAGE for what is no address. */
function addressOf(text: string, ssl: boolean): string {
  if (text.startsWith('unix://')) return text
  const address = /^https?:\/\//.test(text) ? text : `${ssl ? 'https' : 'http'}://${text}`
  try {
    const { username, password, protocol, host } = new URL(address)
    if (username === '' && password === '') return `${protocol}//${host}`
  } catch {}
  // The text may hold a password, so it is not repeated.
  throw new DroverError(
    'USAGE',
    'CONSUL_HTTP_ADDR must be HOST:PORT, a URL without credentials, or unix:///PATH',
  )
}

function isOn(text: string | undefined): boolean {
  return text !== undefined && /^(?:1|t|true)$/i.test(text)
}

function readSecret(path: string, variable: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new DroverError('USAGE', `cannot read ${path}, which ${variable} names`, { cause })
  }
}
