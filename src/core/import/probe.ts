/** A question to the service itself that Consul can ask from outside, without a program in the image. */
export type Probe =
  | {
      readonly type: 'http'
      readonly port: number
      readonly path: string
      readonly protocol?: 'https'
      readonly method?: 'HEAD' | 'POST' | 'PUT' | 'OPTIONS'
      readonly headers?: Readonly<Record<string, readonly string[]>>
    }
  | { readonly type: 'tcp'; readonly port: number }
  | { readonly type: 'grpc'; readonly port: number }
  /** redis-cli: the password does not belong into the arguments. */
  | { readonly type: 'redis'; readonly words: readonly string[]; readonly passwordAt: number }

/** Hosts that mean the container itself. */
const SELF = /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|::1)$/

/** The probe that a command is; undefined for a command that says more than that, or something else. */
export function readProbe(words: readonly string[]): Probe | undefined {
  const [program = '', ...args] = words
  switch (program.slice(program.lastIndexOf('/') + 1)) {
    case 'curl':
      return curl(args)
    case 'wget':
      return wget(args)
    case 'nc':
    case 'netcat':
    case 'ncat':
      return netcat(args)
    case 'redis-cli':
      return redisCli(words)
    case 'grpc_health_probe':
      return grpcProbe(args)
    case 'python':
    case 'python3':
    case 'node':
      return inProgram(args)
    default:
      return undefined
  }
}

const CURL_SWITCHES =
  /^-(?:[fsSLkgivq]+|-(?:fail(?:-early|-with-body)?|silent|show-error|location|insecure|verbose|compressed|include))$/
const CURL_WITH_VALUE =
  /^(?:-[moXHwA]|--(?:max-time|connect-timeout|retry|retry-delay|output|request|header|write-out|user-agent))$/

function curl(args: readonly string[]): Probe | undefined {
  const urls: string[] = []
  const headers: Record<string, string[]> = {}
  let method: string | undefined
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? ''
    const [name = '', inline] = /^(--[a-z-]+)=(.*)$/.exec(word)?.slice(1) ?? [word]
    if (CURL_SWITCHES.test(word)) continue
    if (word === '-I' || word === '--head') method = 'HEAD'
    else if (CURL_WITH_VALUE.test(name)) {
      const value = inline ?? args[++index] ?? ''
      if (name === '-X' || name === '--request') method = value
      if (name === '-H' || name === '--header') {
        const [, key = '', text = ''] = /^([^:]+):\s*(.*)$/.exec(value) ?? []
        if (key !== '') headers[key] = [...(headers[key] ?? []), text]
      }
    } else if (word.startsWith('-')) return undefined
    else urls.push(word)
  }
  return urls.length === 1 ? http(urls[0] ?? '', method, headers) : undefined
}

const WGET_SWITCHES = /^(?:-[qS]+|-nv|--(?:quiet|spider|no-verbose|no-check-certificate|server-response))$/
const WGET_WITH_VALUE = /^(?:-[tTOY]|--(?:tries|timeout|output-document|proxy))$/

function wget(args: readonly string[]): Probe | undefined {
  const urls: string[] = []
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? ''
    const [name = word] = word.split('=')
    if (WGET_SWITCHES.test(word)) continue
    if (WGET_WITH_VALUE.test(name)) index += word.includes('=') ? 0 : 1
    else if (/^-(?:qO|[tTO])\S+$/.test(word)) continue
    else if (word === '-qO') index++
    else if (word.startsWith('-')) return undefined
    else urls.push(word)
  }
  return urls.length === 1 ? http(urls[0] ?? '') : undefined
}

function http(url: string, method?: string, headers: Record<string, string[]> = {}): Probe | undefined {
  const match = /^(?:(https?):\/\/)?(\[[^\]]+\]|[^/:?#]+)(?::(\d+))?(\/[^#]*|\?[^#]*)?(?:#.*)?$/i.exec(url)
  const [, scheme = 'http', host = '', port, path = '/'] = match ?? []
  if (!match || !SELF.test(host) || path.includes('\uE000')) return undefined
  if (method !== undefined && !['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'].includes(method)) return undefined
  const secure = scheme.toLowerCase() === 'https'
  return {
    type: 'http',
    port: port === undefined ? (secure ? 443 : 80) : Number(port),
    path: path.startsWith('/') ? path : `/${path}`,
    ...(secure ? { protocol: 'https' as const } : {}),
    ...(method === undefined || method === 'GET' ? {} : { method: method as 'HEAD' }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  }
}

function netcat(args: readonly string[]): Probe | undefined {
  const rest = args.filter((word, index) => !/^-[zvnw]+\d*$/.test(word) && args[index - 1] !== '-w')
  const [host = '', port = '', ...more] = rest
  if (!args.some((word) => /^-[a-z]*z/.test(word)) || more.length > 0) return undefined
  return SELF.test(host) && /^\d+$/.test(port) ? { type: 'tcp', port: Number(port) } : undefined
}

function redisCli(words: readonly string[]): Probe | undefined {
  const at = words.findIndex((word) => word === '-a' || word === '--pass')
  if (at < 0 || !words.some((word) => /^ping$/i.test(word))) return undefined
  const kept = words.filter((word, index) => index !== at && index !== at + 1 && word !== '--no-auth-warning')
  return kept.some((word) => word.includes('\uE000'))
    ? undefined
    : { type: 'redis', words: kept, passwordAt: at + 1 }
}

function grpcProbe(args: readonly string[]): Probe | undefined {
  const text = args.join(' ')
  const [, host = '', port = ''] = /^-?-addr[= ]([^\s:]*):(\d+)$/.exec(text) ?? []
  return port !== '' && (host === '' || SELF.test(host)) ? { type: 'grpc', port: Number(port) } : undefined
}

/** A one-line program that fetches one URL, and fails when that fails. */
function inProgram([flag, program = '', ...more]: readonly string[]): Probe | undefined {
  if (!/^-(?:c|e)$/.test(flag ?? '') || more.length > 0) return undefined
  const urls = [...program.matchAll(/(["'`])(https?:\/\/[^"'`]+)\1/g)]
  const fetches = /\b(?:urlopen|requests\.(?:get|head)|httpx\.get|http\.get|fetch)\s*\(/.test(program)
  return fetches && urls.length === 1 ? http(urls[0]?.[2] ?? '') : undefined
}
