import type { Issue } from '../issue.ts'
import { itemKey } from './merge-rules.ts'
import { type ComposeNode, childOf } from './node.ts'
import { type Environment, resolveParts } from './parts.ts'

/** Lists of a service in which no two items may be for the same thing. */
const LISTS = ['ports', 'volumes', 'tmpfs', 'secrets', 'configs'] as const
/** Lists of `K=V`, of which the last one counts. */
const PAIRS = ['environment', 'labels', 'annotations', 'sysctls'] as const

/** Finds items of one file that take each other's place: an error for mounts and ports, else a warning. */
export function checkDuplicates(root: ComposeNode, env: Environment): Issue[] {
  const services = childOf(root, 'services')
  return [...(services?.kind === 'map' ? services.entries : [])].flatMap(([name, service]) => [
    ...LISTS.flatMap((list) => twice(['services', name, list], childOf(service, list), itemKeyIn, 'error')),
    ...PAIRS.flatMap((list) => twice(['services', name, list], childOf(service, list), nameOf, 'warning')),
  ])

  function itemKeyIn(item: ComposeNode, path: readonly string[]): string {
    return itemKey(path, item, env)
  }
  function nameOf(item: ComposeNode): string {
    return item.kind === 'scalar' ? (resolveParts(item.parts ?? [], env).split('=')[0] ?? '') : ''
  }
}

function twice(
  path: readonly string[],
  list: ComposeNode | undefined,
  keyOf: (item: ComposeNode, path: readonly string[]) => string,
  severity: Issue['severity'],
): Issue[] {
  const seen = new Map<string, ComposeNode>()
  return (list?.kind === 'list' ? list.items : []).flatMap((item, index): Issue[] => {
    const key = keyOf(item, path)
    const first = seen.get(key)
    seen.set(key, item)
    if (!first || key === '') return []
    const message = `says again what line ${first.position.line} says: ${key}`
    const fix = severity === 'error' ? 'keep one of them' : 'keep one of them; the last one counts'
    return [
      { severity, code: 'compose-duplicate', path: [...path, index], message, fix, position: item.position },
    ]
  })
}
