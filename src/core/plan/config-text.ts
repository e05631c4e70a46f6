import type { FreeValue } from '../spec/blocks/rules.ts'

/** What the client itself can fill in, besides the task's own variables. */
const KNOWN_TO_CLIENT = /^(?:NOMAD_[A-Za-z0-9_]+|(?:attr|node|meta)\..+)$/

/**
 * A driver's config as the client must get it: Nomad reads every string of it as a template once more when
 * the task starts, and a `${NAME}` that it does not know fails the task. So only names that are known then
 * are left for it; any other `${` and `%{` is escaped and reaches the program as it was written.
 * @param variables names of the task's environment
 */
export function protectConfig<T extends FreeValue>(config: T, variables: ReadonlySet<string>): T {
  if (typeof config === 'string') return protectText(config, variables) as T
  if (Array.isArray(config)) return config.map((item) => protectConfig(item, variables)) as unknown as T
  if (typeof config !== 'object' || config === null) return config
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      protectText(key, variables),
      value === undefined ? value : protectConfig(value, variables),
    ]),
  ) as T
}

function protectText(text: string, variables: ReadonlySet<string>): string {
  return text.replace(REFERENCE, (match, sign: string, plain?: string, indexed?: string) => {
    const name = plain ?? indexed
    const known = sign === '$' && name !== undefined && (variables.has(name) || KNOWN_TO_CLIENT.test(name))
    return known ? match : `${sign}${match}`
  })
}

/** `${NAME}`, or `${env["NAME"]}` as Nomad's client takes it as well; anything else that begins like one. */
const REFERENCE = /([$%])\{(?:([^{}"\s]+)\}|env\["([^{}"\s]+)"\]\})?/g
