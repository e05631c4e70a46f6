import type { Position } from '../issue.ts'
import type { ImportContext, JobContext, JobPlan } from './context.ts'
import { shareEnvironments } from './shared-environments.ts'
import type { StackMap, StackValue } from './tree.ts'

export interface SharedAmong {
  /** The stack's `environments`. */
  readonly blocks: StackMap
  /** Job to the blocks it uses. */
  readonly uses: ReadonlyMap<string, readonly string[]>
  /** Job to its variables that are in no block. */
  readonly own: ReadonlyMap<string, StackMap>
  /** Where a key of a job stands in the stack: `env.X` may be in a block, `/logs` is at the top. */
  place(plan: JobPlan, to: string): string
}

/** Moves what jobs have in common out of their environments. */
export function shareAmong(
  jobs: readonly JobContext[],
  envs: readonly Readonly<Record<string, StackValue>>[],
): SharedAmong {
  const environments = jobs.map(({ plan }, index) => ({
    job: plan.name,
    env: envs[index] ?? {},
    positions: Object.fromEntries(
      Object.entries(plan.service.environment).map(([name, { position }]) => [name, position]),
    ),
  }))
  const [first] = jobs
  const extensionAt = first ? findExtensions(first) : () => undefined
  const { blocks, uses } = shareEnvironments(environments, extensionAt)
  const blockOf = (job: string, name: string): string | undefined =>
    uses.get(job)?.find((block) => Object.hasOwn(blocks[block] ?? {}, name))
  const own = environments.map(({ job, env }): [string, StackMap] => [
    job,
    Object.fromEntries(Object.entries(env).filter(([name]) => blockOf(job, name) === undefined)),
  ])
  return {
    blocks,
    uses,
    own: new Map(own),
    place({ name, path }, to) {
      if (to.startsWith('/')) return to.slice(1)
      const block = to.startsWith('env.') ? blockOf(name, to.slice('env.'.length)) : undefined
      return block === undefined
        ? `${path.join('.')}.${to}`
        : `environments.${block}.${to.slice('env.'.length)}`
    },
  }
}

/** Finds the `x-` block that a place of a file is in: the last thing of the top level above it. */
function findExtensions({ model }: ImportContext): (position: Position) => string | undefined {
  const extensions = model.keys.filter(({ state, path }) => state === 'extension' && path.length === 1)
  const others = [model.services, model.volumes, model.networks].flatMap((objects) => Object.values(objects))
  const marks = [
    ...extensions.map(({ key, position }) => ({ key, position })),
    ...others.map(({ position }) => ({ key: undefined, position })),
  ]
  return ({ file, line }) => {
    const above = marks.filter(({ position }) => position.file === file && position.line < line)
    return above.sort((a, b) => b.position.line - a.position.line)[0]?.key
  }
}
