import type { DocumentPath } from '../issue.ts'
import { splitMount } from './mount-syntax.ts'
import { type ComposeNode, childOf } from './node.ts'
import { type Environment, resolveParts } from './parts.ts'
import { parsePort } from './port-syntax.ts'

/** How values at a path are laid over each other; `merge` for all that no rule names. */
export type MergeRule = 'merge' | 'replace' | 'logging' | 'variable'

const RULES: Readonly<Record<string, MergeRule>> = {
  'services.*.command': 'replace',
  'services.*.entrypoint': 'replace',
  'services.*.healthcheck.test': 'replace',
  // Options belong to a driver: another driver starts afresh.
  'services.*.logging': 'logging',
  // An empty value is one too: it is taken from the shell.
  'services.*.environment.*': 'variable',
}

export function mergeRule(path: DocumentPath): MergeRule {
  return RULES[pattern(path)] ?? 'merge'
}

type Key = (item: ComposeNode, env: Environment) => string

/** What makes two list items the same one; all other lists go by the whole text. */
const KEYS: Readonly<Record<string, Key>> = {
  'services.*.ports': (item, env) => {
    const text = (name: string, fallback: string) => textOf(childOf(item, name), env) ?? fallback
    if (item.kind === 'map') {
      return `${text('host_ip', '')}:${text('published', '')}:${text('target', '')}/${text('protocol', 'tcp')}`
    }
    const port = parsePort(wholeText(item, env))
    return port
      ? `${port.hostIp ?? ''}:${port.published ?? ''}:${port.target}/${port.protocol}`
      : wholeText(item, env)
  },
  'services.*.volumes': (item, env) =>
    textOf(childOf(item, 'target'), env) ?? splitMount(wholeText(item, env)).target,
  'services.*.devices': (item, env) => {
    const [source = '', target = source] = wholeText(item, env).split(':')
    return textOf(childOf(item, 'target'), env) ?? target
  },
  'services.*.tmpfs': (item, env) => wholeText(item, env).split(':')[0] ?? '',
  'services.*.secrets': (item, env) => fileTarget(item, env, '/run/secrets/'),
  'services.*.configs': (item, env) => fileTarget(item, env, '/'),
  'services.*.env_file': (item, env) => textOf(childOf(item, 'path'), env) ?? wholeText(item, env),
  'services.*.expose': (item, env) => wholeText(item, env).replace(/\/tcp$/, ''),
}

export function itemKey(path: DocumentPath, item: ComposeNode, env: Environment): string {
  const key = KEYS[pattern(path)]
  return key ? key(item, env) : wholeText(item, env)
}

function pattern(path: DocumentPath): string {
  const names = path.map((part, index) =>
    index === 1 || (index === 3 && path[2] === 'environment') ? '*' : part,
  )
  return names.join('.')
}

function fileTarget(item: ComposeNode, env: Environment, folder: string): string {
  const source = textOf(childOf(item, 'source'), env) ?? wholeText(item, env)
  const target = textOf(childOf(item, 'target'), env) ?? source
  return target.startsWith('/') ? target : folder + target
}

function textOf(node: ComposeNode | undefined, env: Environment): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined
  return node.parts ? resolveParts(node.parts, env) : String(node.value)
}

/** The whole item as one text, so that items without a key of their own can be compared. */
function wholeText(item: ComposeNode, env: Environment): string {
  if (item.kind === 'scalar') return textOf(item, env) ?? ''
  if (item.kind === 'list') return `[${item.items.map((child) => wholeText(child, env)).join(',')}]`
  return `{${[...item.entries].map(([key, child]) => `${key}:${wholeText(child, env)}`).join(',')}}`
}
