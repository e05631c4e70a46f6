import type { Job, Part, Stack, Value } from '../stack/stack.ts'
import type { Upstream } from './connect.ts'
import { type FindJob, findPort, serviceName } from './names.ts'

/** What expressions of one job may refer to. */
export interface Scope {
  readonly stack: Stack
  readonly findJob: FindJob
  /** Services that a sidecar of the job offers on its loopback; none without Consul's mesh. */
  readonly upstreams: readonly Upstream[]
}

/** Delimiters of Nomad's runtime templates. */
export interface Delimiters {
  readonly left: string
  readonly right: string
}

export const STANDARD: Delimiters = { left: '{{', right: '}}' }

/** Delimiters that the literal text does not contain, so that it comes through unchanged. */
export function delimitersFor(value: Value): Delimiters {
  const texts = value.filter((part) => typeof part === 'string')
  // A text that ends as the delimiter begins would run into the expression behind it.
  const fits = (open: string): boolean => !texts.some((text) => text.endsWith(open))
  const free = (left: string): boolean => !texts.some((text) => text.includes(left))
  if (fits('{') && free(STANDARD.left)) return STANDARD
  const [open = '', close = ''] = BRACKETS.find(([first = '']) => fits(first)) ?? strangeBracket(fits)
  let width = 2
  while (!free(open.repeat(width))) width++
  return { left: open.repeat(width), right: close.repeat(width) }
}

const BRACKETS = ['[]', '<>', '()']

/** For texts that end in every bracket there is: a circled number, of which there is always one more. */
function strangeBracket(fits: (open: string) => boolean): [string, string] {
  let code = 0x2460
  while (!fits(String.fromCodePoint(code))) code++
  return [String.fromCodePoint(code), String.fromCodePoint(code + 1)]
}

/** Expressions of one file's template: the parts as they are. */
export function fileText(value: Value, scope: Scope, { left, right }: Delimiters): string {
  const write = (code: string): string => `${left} ${code} ${right}`
  return value.map((part) => (typeof part === 'string' ? part : expression(part, scope, write, ''))).join('')
}

/**
 * The right side of a line in an env template. Nomad's parser joins neighbouring segments and reads quoted
 * ones as JSON strings, so literal text is JSON and a secret passes through `toJSON` (its `.Value`: the item
 * itself would be printed with Go's own escapes, which are not JSON).
 */
export function envText(value: Value, scope: Scope): string {
  const write = (code: string): string => `{{ ${code} }}`
  return value
    .flatMap((part): (EnvPiece | Part)[] => (typeof part === 'string' ? splitRuntimeVariables(part) : [part]))
    .map((part) => {
      if (typeof part === 'string') return JSON.stringify(part).replace(/\{(?=\{)/g, '\\u007b')
      if ('variable' in part) return write(`env ${JSON.stringify(part.variable)} | toJSON`)
      return expression(part, scope, write, ' | toJSON')
    })
    .join('')
}

type EnvPiece = string | { readonly variable: string }

/** Nomad does not fill in `${NOMAD_...}` inside templates, so it is asked for by name there. */
function splitRuntimeVariables(text: string): EnvPiece[] {
  if (!text.includes('${NOMAD_')) return [text]
  return text
    .split(/\$\{(NOMAD_[A-Za-z0-9_]+)\}/)
    .map((piece, index) => (index % 2 === 1 ? { variable: piece } : piece))
    .filter((piece) => piece !== '')
}

function expression(
  part: Exclude<Part, string>,
  scope: Scope,
  write: (code: string) => string,
  pipe: string,
): string {
  if ('secret' in part) {
    const secret = scope.stack.secrets[part.secret] ?? { path: '', key: part.secret }
    const quoted = part.quote === undefined ? pipe : ' | toUnescapedJSON'
    return `${write(`with nomadVar ${JSON.stringify(secret.path)}`)}${write(`.${secret.key}.Value${quoted}`)}${write('end')}`
  }
  const job = scope.findJob(part.service)
  const name = job ? serviceName(job, findPort(job, part.port)?.name) : part.service
  const local = scope.upstreams.find(({ service }) => service === name)
  const host = local ? '127.0.0.1' : write('.Address')
  const port = local ? String(local.localPort) : write('.Port')
  const body = part.part === 'host' ? host : part.part === 'port' ? port : `${host}:${port}`
  const otherwise = part.wait ? write(blockOn(name)) : consulAddress(name, part, job)
  return `${write(`with service ${JSON.stringify(name)}`)}${write('with index . 0')}${body}${write('end')}${write('else')}${otherwise}${write('end')}`
}

/**
 * Text that keeps a template from being rendered while no allocation of the service passes its checks.
 * consul-template renders an absent service as nothing and the task starts blank; a key that does not exist
 * makes it wait, and the task's events name the key: "Missing: kv.block(drover/waits-for/redis)".
 */
export function waitFor(name: string, anyState: boolean): string {
  const query = JSON.stringify(anyState ? `${name}|any` : name)
  return `{{ with service ${query} }}{{ else }}{{ ${blockOn(name)} }}{{ end }}`
}

/** What stands for a service that is not there yet: its name in Consul's DNS and its own port. */
function consulAddress(name: string, part: Extract<Part, { service: string }>, job: Job | undefined): string {
  const host = `${name}.service.consul`
  const port = String((job && findPort(job, part.port)?.container) ?? 0)
  return part.part === 'host' ? host : part.part === 'port' ? port : `${host}:${port}`
}

function blockOn(name: string): string {
  return `key ${JSON.stringify(`drover/waits-for/${name}`)}`
}
