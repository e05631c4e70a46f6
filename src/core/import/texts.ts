import type { Parts } from '../compose/parts.ts'
import type { Position } from '../issue.ts'
import { isLiteralSecret, isSecretName, secretKind } from '../rules/secret-text.ts'
import type { JobContext } from './context.ts'
import { mentionsInVariable } from './dialled.ts'
import { findMentions, type Mention, replaceMentions } from './mentions.ts'
import { flatten, joinPieces, literalOf, type Piece, unflatten } from './pieces.ts'
import { isItself, mayWait, whyOutOfReach } from './reach.ts'
import { containerPort, declaredPorts } from './service-ports.ts'
import { resolveVariables } from './variables.ts'

/** Where a text stands, and what it is. */
export interface TextPlace {
  /** Compose key. */
  readonly key: string
  /** Key in the job. */
  readonly to: string
  readonly position: Position
  /** Name of the environment variable that it is the value of. */
  readonly variable?: string
}

/** A compose text as the stack has it: variables decided, secrets by name, services by address. */
export function importText(job: JobContext, parts: Parts, place: TextPlace): Piece[] {
  return withAddresses(job, importPlain(job, parts, place), place)
}

/** The same for a text that is no place for an address, such as an image: `redis:7` is not the service there. */
export function importPlain(job: JobContext, parts: Parts, place: TextPlace): Piece[] {
  const { account, model, secrets } = job
  const { pieces, notes } = resolveVariables(parts, model.env, secrets)
  account.mapped(place.key, place.to)
  for (const { fixed, text } of notes) {
    if (fixed) account.approximated(place.key, place.to, text)
    else account.mapped(place.key, place.to, text)
  }
  return hideSecrets(job, pieces, place)
}

/** `scheme://user:PASSWORD@` and `--flag=PASSWORD`; the password is the last group. */
const PASSWORDS = [
  /([a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"']{0,200}:)([^\s/@"']{1,200})(?=@)/gi,
  /((?:^|\s)--?(?:[a-z]+[-_])*(?:requirepass|masterauth|password|passwd|token|secret|api[-_]key)(?:=|\s+)["']?)([^\s"']+)/gi,
]

/** Literal secrets become secrets of the stack; that they were there is told, what they were is not. */
export function hideSecrets(job: JobContext, pieces: readonly Piece[], place: TextPlace): Piece[] {
  const { secrets, plan, account } = job
  const { key, to, position, variable } = place
  const hide = (value: string, wish: string): Piece => {
    const reference = secrets.ofLiteral(value, wish, plan.name, position)
    const why = `the value in the compose file is the secret ${reference.secret}: put it into the Nomad variable`
    account.approximated(key, to, why)
    return reference
  }
  const wish = variable ?? `${plan.name}_password`
  const literal = literalOf(pieces)
  if (variable !== undefined && literal !== undefined && isSecretName(variable) && isLiteralSecret(literal)) {
    return [hide(literal, variable)]
  }
  const { text, holes } = flatten(pieces)
  let parts: Piece[] = [text]
  for (const form of PASSWORDS) {
    parts = parts.flatMap((part) => (typeof part === 'string' ? hideIn(part, form, wish, hide) : [part]))
  }
  const hidden = unflatten(parts, holes)
  const rest = literalOf(hidden)
  const kind = rest === undefined ? undefined : secretKind(rest)
  return rest !== undefined && kind !== undefined ? [hide(rest, wish)] : hidden
}

function hideIn(
  text: string,
  form: RegExp,
  wish: string,
  hide: (value: string, wish: string) => Piece,
): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const match of text.matchAll(form)) {
    const [whole, before = '', secret = ''] = match
    // A private use character stands for a piece, which is a secret already.
    if (/[\uE000-\uF8FF]/.test(secret) || secret.startsWith('-') || !isLiteralSecret(secret)) continue
    const name = /_(?:URL|URI|DSN)$/i.test(wish) ? `${wish}_password` : wish
    pieces.push(text.slice(at, match.index + before.length), hide(secret, name))
    at = match.index + whole.length
  }
  return [...pieces, text.slice(at)]
}

/** Names of services become their addresses, where the job can look them up. */
export function withAddresses(job: JobContext, pieces: readonly Piece[], place: TextPlace): Piece[] {
  const { text, holes } = flatten(pieces)
  const mentions =
    place.variable === undefined
      ? findMentions(text, job.hosts)
      : mentionsInVariable(place.variable, text, job.hosts)
  const replaced = replaceMentions<Piece>(text, mentions, (mention) => toAddress(job, mention, place))
  return unflatten(joinPieces(replaced), holes)
}

/** A job has its own name as its host name, unless the compose file gives it another one. */
function tellOwnName({ account, model }: JobContext, service: string, key: string, to: string): void {
  const hostname = model.services[service]?.hostname?.value.join('')
  if (hostname === undefined || hostname === service)
    account.mapped(key, to, 'its own name stays: it is the host name of the job')
  else
    account.approximated(
      key,
      to,
      `"${service}" stays, but nothing has that name: the host name is "${hostname}"`,
    )
}

/** The reference that stands for a mention; undefined where the text has to stay, which is told. */
export function toAddress(
  job: JobContext,
  mention: Pick<Mention, 'service' | 'port' | 'part'>,
  { key, to }: Pick<TextPlace, 'key' | 'to'>,
): Exclude<Piece, string> | undefined {
  const { account, model, plan, plans, ports } = job
  if (isItself(model, plan, mention.service)) {
    tellOwnName(job, mention.service, key, to)
    return undefined
  }
  const target = plans.get(mention.service)
  if (!target) return undefined
  const why = whyOutOfReach(job, plan, target)
  if (why !== undefined) {
    account.approximated(key, to, `"${mention.service}" stays a plain text: ${why}`)
    return undefined
  }
  const own = ports.get(mention.service) ?? []
  const known = new Set([...declaredPorts(target.service), ...own.map(({ number }) => number)])
  const number = containerPort(target.service, mention.port, known)
  const port = own.find((one) => one.number === number)
  if (!port) return undefined
  if (number !== mention.port) {
    account.approximated(
      key,
      to,
      `${mention.port} is published on the node; inside, ${target.name} listens on ${number}`,
    )
  }
  const wait = mayWait(model, plan, mention.service)
  account.mapped(key, to, `the address of ${target.name}${wait ? '' : ' without a wait'}`)
  return {
    service: target.name,
    ...(own.length > 1 ? { port: port.name } : {}),
    ...(mention.part === 'address' ? {} : { part: mention.part }),
    ...(wait ? {} : { wait: false as const }),
  }
}
