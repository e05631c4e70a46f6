import type { Position } from '../issue.ts'
import { toStackName, unique } from './names.ts'
import type { StackMap, StackValue } from './tree.ts'

/** The variables of one job, and where each stands in the compose files. */
export interface JobEnvironment {
  readonly job: string
  readonly env: Readonly<Record<string, StackValue>>
  readonly positions: Readonly<Record<string, Position>>
}

export interface SharedEnvironments {
  /** Name to variables: the stack's `environments`. */
  readonly blocks: Readonly<Record<string, StackMap>>
  /** Job to the blocks it uses. */
  readonly uses: ReadonlyMap<string, readonly string[]>
}

/** Finds the name of the `x-` block at a place of the compose files. */
export type ExtensionAt = (position: Position) => string | undefined

/** Fewer equal variables than this are not worth a block. */
const LEAST_VARIABLES = 3

/**
 * Variables that the same jobs share with the same values become blocks of their own. The blocks of one job
 * never overlap, so their order says nothing.
 */
export function shareEnvironments(
  jobs: readonly JobEnvironment[],
  extensionAt: ExtensionAt,
): SharedEnvironments {
  const groups = groupByUsers(jobs)
  const names = nameGroups(groups, jobs, extensionAt)
  const blocks: Record<string, StackMap> = {}
  const uses = new Map<string, string[]>()
  for (const [index, { users, variables }] of groups.entries()) {
    const name = names[index] ?? 'shared'
    const env = jobs.find(({ job }) => job === users[0])?.env ?? {}
    // In the order in which the first of the jobs has them.
    const ordered = Object.keys(env).filter((variable) => variables.includes(variable))
    blocks[name] = Object.fromEntries(ordered.map((variable) => [variable, env[variable] ?? '']))
    for (const user of users) uses.set(user, [...(uses.get(user) ?? []), name])
  }
  return { blocks, uses }
}

interface Group {
  readonly users: readonly string[]
  readonly variables: string[]
}

function groupByUsers(jobs: readonly JobEnvironment[]): Group[] {
  const users = new Map<string, string[]>()
  for (const { job, env } of jobs)
    for (const [name, value] of Object.entries(env)) {
      const id = JSON.stringify([name, value])
      users.set(id, [...(users.get(id) ?? []), job])
    }
  const groups = new Map<string, Group>()
  for (const [id, sharing] of users) {
    if (sharing.length < 2) continue
    const group = groups.get(JSON.stringify(sharing)) ?? { users: sharing, variables: [] }
    group.variables.push((JSON.parse(id) as [string])[0])
    groups.set(JSON.stringify(sharing), group)
  }
  const all = [...groups.values()]
  const large = all.filter(({ variables }) => variables.length >= LEAST_VARIABLES)
  for (const small of all.filter((group) => !large.includes(group))) {
    // Who has these variables beside a block may as well have them from it; the others keep their own.
    const fitting = large.filter((group) => group.users.every((user) => small.users.includes(user)))
    const [largest] = fitting.sort((a, b) => b.users.length - a.users.length)
    largest?.variables.push(...small.variables)
  }
  return large
}

/** The largest is named first, since it has most right to the name that its author gave. */
function nameGroups(
  groups: readonly Group[],
  jobs: readonly JobEnvironment[],
  extensionAt: ExtensionAt,
): string[] {
  const taken = new Set<string>()
  const names = new Map<Group, string>()
  for (const group of [...groups].sort((a, b) => b.variables.length - a.variables.length)) {
    const name = unique(nameOf(group, jobs, extensionAt, taken), taken)
    taken.add(name)
    names.set(group, name)
  }
  return groups.map((group) => names.get(group) ?? 'shared')
}

/** The name of the author's own block, else what all variables have in common, else `shared`. */
function nameOf(
  { users, variables }: Group,
  jobs: readonly JobEnvironment[],
  extensionAt: ExtensionAt,
  taken: ReadonlySet<string>,
): string {
  const places = jobs.filter(({ job }) => users.includes(job)).map(({ positions }) => positions)
  for (const positions of places) {
    const found = variables.flatMap((name) => {
      const at = positions[name]
      return (at && extensionAt(at)) ?? []
    })
    const most = found.find((name) => found.filter((other) => other === name).length * 2 > variables.length)
    const bare = most?.replace(/^x-/, '').replace(/-?env(?:ironment)?(?:-vars)?$/, '')
    const name = bare === undefined ? undefined : toStackName(bare || 'shared')
    if (name !== undefined && !taken.has(name)) return name
  }
  const prefixes = new Set(variables.map((name) => name.split('_')[0]))
  const [prefix = ''] = prefixes
  return prefixes.size === 1 && prefix !== '' ? toStackName(prefix) : 'shared'
}
