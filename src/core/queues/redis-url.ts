import { DroverError } from '../../errors.ts'

/** Where a Redis is, and how it is spoken to. */
export interface RedisTarget {
  readonly mode: 'single' | 'sentinel' | 'cluster'
  /** Of the server, of the sentinels, or of nodes of the cluster. Empty with `path`. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[]
  /** A socket. */
  readonly path?: string
  /** The name under which the sentinels know it. */
  readonly master?: string
  readonly tls: boolean
  readonly username?: string
  readonly password?: string
  readonly database: number
}

const FORM = /^(rediss?|unix)(?:\+(sentinel|cluster|socket))?:(?:\/\/)?(?:([^@/?]*)@)?([^?]*)(?:\?(.*))?$/
const HINT =
  'Write redis://HOST:PORT/DB, rediss:// for TLS, unix:///PATH?db=DB, redis+sentinel://HOST,HOST/NAME/DB or ' +
  'redis+cluster://HOST,HOST.'

/**
 * Reads the address of a Redis; throws USAGE, without repeating the credentials.
 * @param database the one that is meant where the address names none
 */
export function parseRedisUrl(text: string, database = 0): RedisTarget {
  const [, scheme, kind, login = '', rest = '', query = ''] = FORM.exec(text.trim()) ?? []
  if (scheme === undefined) throw wrong('it does not start with redis://, rediss:// or unix://')
  const options = new Map(
    query.split('&').map((pair): [string, string] => {
      const [name = '', value = ''] = pair.split('=')
      return [name, value]
    }),
  )
  const credentials = readLogin(login, options)
  const asked = options.get('db') ?? options.get('virtual_host')
  if (scheme === 'unix' || kind === 'socket') {
    if (!rest.startsWith('/')) throw wrong('the path of a socket is absolute')
    return {
      mode: 'single',
      hosts: [],
      path: rest,
      tls: false,
      database: readDatabase(asked, database),
      ...credentials,
    }
  }
  const [list = '', ...path] = rest.split('/')
  const mode = kind === 'sentinel' || kind === 'cluster' ? kind : 'single'
  const hosts = list.split(',').map((host) => readHost(host, mode === 'sentinel' ? 26379 : 6379))
  if (mode === 'single' && hosts.length > 1)
    throw wrong('several hosts are of redis+sentinel:// or redis+cluster://')
  const master = mode === 'sentinel' ? path.shift() : undefined
  if (mode === 'sentinel' && !master) throw wrong('the name that the sentinels know follows the hosts')
  const named = readDatabase(path[0] || asked, mode === 'cluster' ? 0 : database)
  if (mode === 'cluster' && named !== 0) throw wrong('a cluster has database 0 only')
  return {
    mode,
    hosts,
    ...(master ? { master } : {}),
    tls: scheme === 'rediss',
    database: named,
    ...credentials,
  }
}

/** The address for people: without credentials. */
export function showRedis({ mode, hosts, path, master, tls, database }: RedisTarget): string {
  if (path !== undefined) return `unix://${path}${database === 0 ? '' : `?db=${database}`}`
  const list = hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',')
  const kind = mode === 'single' ? '' : `+${mode}`
  return `redis${tls ? 's' : ''}${kind}://${list}${master ? `/${master}` : ''}${mode === 'cluster' ? '' : `/${database}`}`
}

function readLogin(login: string, options: ReadonlyMap<string, string>) {
  const colon = login.indexOf(':')
  // `redis://secret@host` is a password in no client that agrees with another; a name alone is a name.
  const username = colon < 0 ? login : login.slice(0, colon)
  const password = colon < 0 ? options.get('password') : login.slice(colon + 1)
  return {
    ...(username ? { username: decode(username) } : {}),
    ...(password ? { password: decode(password) } : {}),
  }
}

function readHost(text: string, otherwise: number): { host: string; port: number } {
  const [, six, four, port] = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]]*))(?::(\d+))?$/.exec(text) ?? []
  const number = port === undefined ? otherwise : Number(port)
  if (six === undefined && four === undefined) throw wrong('a host is NAME:PORT or [ADDRESS]:PORT')
  if (number < 1 || number > 65535) throw wrong('a port is 1 to 65535')
  return { host: six ?? (four || '127.0.0.1'), port: number }
}

function readDatabase(text: string | undefined, otherwise: number): number {
  if (text === undefined || text === '') return otherwise
  if (!/^\d{1,5}$/.test(text)) throw wrong('a database is a number')
  return Number(text)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrong('the credentials have a % that encodes nothing: write it as %25')
  }
}

function wrong(why: string): DroverError {
  return new DroverError('USAGE', `the address of Redis cannot be read: ${why}`, { hint: HINT })
}
