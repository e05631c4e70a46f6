import type { FastifyInstance } from 'fastify'
import { platformAnswer } from '../../../src/core/api/platform.ts'
import { readTime, timeInQuery, type Wire } from '../../../src/core/api/values.ts'
import { compact } from '../../../src/core/compact.ts'
import { planCost } from '../../../src/core/cost.ts'
import { planGraph } from '../../../src/core/graph.ts'
import type { HealthLine } from '../../../src/core/health/report.ts'
import { groupKey } from '../../../src/core/scaling/group-ref.ts'
import type { Stack } from '../../../src/core/stack/stack.ts'
import { z } from '../../../src/core/zod.ts'
import type { GroupReport } from '../../reports.ts'
import type { ServerDeps } from '../deps.ts'
import { addEndpoint } from '../endpoint.ts'
import { createSpending } from '../spent.ts'

const DAY_MS = 24 * 60 * 60_000

/** The platform as a whole: what its parts need of each other, how they are, and what they cost. */
export function addPlatformRoutes(app: FastifyInstance, deps: ServerDeps): void {
  const { scaler, history, clock } = deps
  const spending = createSpending(history)
  addEndpoint(app, 'GET', '/v1/platform', {
    id: 'getPlatform',
    summary: 'The parts of the stack: what each needs, how it is, and what it costs',
    query: z.strictObject({
      since: timeInQuery.optional().describe('What was spent is counted from then. Default: a day ago.'),
    }),
    answer: platformAnswer,
    handle: async ({ query }) => {
      const health = await deps.health?.()
      const now = clock.now()
      const since = query.since === undefined ? now - DAY_MS : readTime(query.since)
      const stack = deps.stack?.()
      const groups = scaler.groups()
      return {
        ...(stack === undefined ? {} : { stack: stack.name }),
        ...(stack === undefined ? { jobs: [], edges: [] } : planGraph(stack)),
        ...(health === undefined ? {} : { health: { ...health, lines: health.lines.map(lineOf) } }),
        cost: costOf(groups, spending(groups, since, now), since, stack),
      }
    },
  })
}

type Platform = Wire<typeof platformAnswer>

function costOf(
  groups: readonly GroupReport[],
  spent: ReturnType<ReturnType<typeof createSpending>>,
  since: number,
  stack: Stack | undefined,
): Platform['cost'] {
  const rows = groups.map(({ group, name, costPerHour }) => ({
    name,
    ...(costPerHour === undefined ? {} : { perHour: costPerHour }),
    ...(spent.get(groupKey(group)) ?? { spent: 0, recordedMs: 0 }),
  }))
  const known = rows.flatMap(({ perHour }) => perHour ?? [])
  const cost = stack && planCost(stack)
  const others = cost?.currency === undefined ? undefined : { perHour: perHourOfOthers(cost.rows) }
  return compact({
    since,
    currency: cost?.currency,
    groups: rows,
    perHour: known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0),
    spent: rows.reduce((sum, one) => sum + one.spent, 0),
    others,
  })
}

function perHourOfOthers(rows: ReturnType<typeof planCost>['rows']): number {
  return rows.reduce((sum, { kind, typical }) => sum + (kind === 'worker' ? 0 : (typical.perHour ?? 0)), 0)
}

/** What checks print can be long, and is not for everybody who may read this. */
function lineOf(line: HealthLine): NonNullable<Platform['health']>['lines'][number] {
  const { name, kind, state, why, desired, running, restarts, changedAt, checks } = line
  const passing = checks.filter(({ status }) => status === 'passing').length
  return compact({
    name,
    kind,
    state,
    why,
    desired,
    running,
    restarts,
    changedAt,
    checks: { passing, all: checks.length },
  })
}
