import { type Parts, toParts } from '../compose/parts.ts'
import type { JobContext } from './context.ts'
import { environmentTexts, findHostPairs } from './dialled.ts'
import { flatten, type Piece, toWrittenValue } from './pieces.ts'
import { importText, type TextPlace, toAddress } from './texts.ts'
import type { StackValue } from './tree.ts'
import { resolveVariables } from './variables.ts'

/** The variables of a job in the stack's words, in the order of the compose file. */
export function importEnvironment(job: JobContext): Record<string, StackValue> {
  const { environment } = job.plan.service
  const env: Record<string, StackValue> = {}
  const pairs = importHostPairs(job)
  for (const [name, { value, key, position }] of Object.entries(environment)) {
    const place: TextPlace = { key, to: `env.${name}`, position, variable: name }
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      job.account.dropped(key, `"${name}" is not a name that a variable of a Nomad task can have`)
      continue
    }
    env[name] = toWrittenValue(pairs.get(name) ?? importText(job, partsOf(name, value), place))
  }
  return env
}

/** A name without a value takes the shell's. */
function partsOf(name: string, value: Parts | null): Parts {
  return value ?? [{ variable: name }]
}

/** `X_HOST` and `X_PORT` of another service, each a part of its address. */
function importHostPairs(job: JobContext): Map<string, Piece[]> {
  const { environment } = job.plan.service
  const { model, secrets, hosts, ports } = job
  const textOf = (parts: Parts): string => flatten(resolveVariables(parts, model.env, secrets).pieces).text
  const texts = environmentTexts(job.plan.service, (parts) =>
    textOf(parts.length === 0 ? toParts('') : parts),
  )
  const found = new Map<string, Piece[]>()
  for (const { host, service, portVariable, port } of findHostPairs(texts, hosts)) {
    const number = port ?? ports.get(service)?.[0]?.number
    const put = (name: string, part: 'host' | 'port'): void => {
      const entry = environment[name]
      if (!entry || number === undefined) return
      const at = { key: entry.key, to: `env.${name}` }
      const address = toAddress(job, { service, port: number, part }, at)
      if (address) found.set(name, [address])
    }
    put(host, 'host')
    if (portVariable !== undefined && found.has(host)) put(portVariable, 'port')
  }
  return found
}
