/** A place in a text that names another service as a host. */
export interface Mention {
  /** The compose service. */
  readonly service: string
  /** Port of the container, as it is dialled. */
  readonly port: number
  readonly start: number
  readonly end: number
  /** What the place holds: both, or in markup one of the two. */
  readonly part: 'address' | 'host' | 'port'
  /** Within a URL, so that it is an address without doubt. */
  readonly inUrl: boolean
}

/** Names by which services are dialled: their own, those of their containers and their network aliases. */
export type HostNames = ReadonlyMap<string, string>

/** Ports that a URL means when it gives none. */
const SCHEME_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  redis: 6379,
  rediss: 6379,
  amqp: 5672,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mongodb: 27_017,
  nats: 4222,
}

/** Finds `NAME:PORT`, `scheme://NAME` and `<host>NAME</host><port>PORT</port>`, in the order of the text. */
export function findMentions(text: string, hosts: HostNames): Mention[] {
  if (hosts.size === 0 || !/[:<]/.test(text)) return []
  const { port, url, markup } = formsOf(hosts)
  const found = [
    ...withPort(text, port, hosts),
    ...inUrls(text, url, hosts),
    ...inMarkup(text, markup, hosts),
  ]
  return found.filter(({ port }) => port > 0 && port < 65_536).sort((a, b) => a.start - b.start)
}

interface Forms {
  readonly port: RegExp
  readonly url: RegExp
  readonly markup: RegExp
}

/** Patterns of many names take long to compile, and are the same for every text. */
const compiled = new WeakMap<HostNames, Forms>()

function formsOf(hosts: HostNames): Forms {
  const known = compiled.get(hosts)
  if (known) return known
  const names = [...hosts.keys()].sort((a, b) => b.length - a.length).map(asPattern)
  const name = `(${names.join('|')})`
  const forms = {
    port: new RegExp(`(?<![\\w.-])${name}:(\\d{1,5})(?![\\w-]|\\.\\d)`, 'g'),
    url: new RegExp(`\\b([a-z][a-z0-9+]*)://(?:[^\\s/@"']*@)?${name}(?=[/?#"'\\s,;)]|$)`, 'g'),
    markup: new RegExp(`<host>${name}</host>(\\s*)<port>(\\d{1,5})</port>`, 'g'),
  }
  compiled.set(hosts, forms)
  return forms
}

/** The text with each mention replaced; what stands between comes as it is. */
export function replaceMentions<T>(
  text: string,
  mentions: readonly Mention[],
  replace: (mention: Mention) => T | undefined,
): (string | T)[] {
  const pieces: (string | T)[] = []
  let at = 0
  for (const mention of mentions) {
    const replacement = replace(mention)
    if (replacement === undefined) continue
    pieces.push(text.slice(at, mention.start), replacement)
    at = mention.end
  }
  return [...pieces, text.slice(at)].filter((piece) => piece !== '')
}

function withPort(text: string, form: RegExp, hosts: HostNames): Mention[] {
  return [...text.matchAll(form)].map((match) => {
    const [whole, name = '', port] = match
    const before = text.slice(0, match.index)
    const inUrl = /[a-z][a-z0-9+]*:\/\/[^\s/"']*$/.test(before)
    return mention(hosts, name, Number(port), match.index, whole.length, 'address', inUrl)
  })
}

function inUrls(text: string, form: RegExp, hosts: HostNames): Mention[] {
  return [...text.matchAll(form)].flatMap((match) => {
    const [whole, scheme = '', name = ''] = match
    const port = SCHEME_PORTS[scheme.replace(/^.*\+(?=http|ws)|\+.*$/, '')]
    const start = match.index + whole.length - name.length
    return port === undefined ? [] : [mention(hosts, name, port, start, name.length, 'address', true)]
  })
}

function inMarkup(text: string, form: RegExp, hosts: HostNames): Mention[] {
  return [...text.matchAll(form)].flatMap((match) => {
    const [, name = '', blank = '', port = ''] = match
    const host = match.index + '<host>'.length
    const behind = host + name.length + '</host>'.length + blank.length + '<port>'.length
    return [
      mention(hosts, name, Number(port), host, name.length, 'host', true),
      mention(hosts, name, Number(port), behind, port.length, 'port', true),
    ]
  })
}

function mention(
  hosts: HostNames,
  name: string,
  port: number,
  start: number,
  length: number,
  part: Mention['part'],
  inUrl: boolean,
): Mention {
  return { service: hosts.get(name) ?? name, port, start, end: start + length, part, inUrl }
}

function asPattern(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
