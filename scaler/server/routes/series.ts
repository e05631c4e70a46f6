import type { FastifyInstance } from 'fastify'
import { seriesAnswer, sparklinesAnswer } from '../../../src/core/api/series.ts'
import { numberInQuery, readTime, timeInQuery } from '../../../src/core/api/values.ts'
import { groupKey } from '../../../src/core/scaling/group-ref.ts'
import { z } from '../../../src/core/zod.ts'
import { MINUTE_MS } from '../../history/hour-runs.ts'
import type { ServerDeps } from '../deps.ts'
import { addEndpoint } from '../endpoint.ts'
import { findGroup } from '../find-group.ts'
import { thinSeries } from '../thin-series.ts'
import { groupParams } from './groups.ts'

const HOUR_MS = 60 * MINUTE_MS
/** Points of a sparkline. */
const COLUMNS = 60

/** How groups stood over time, for charts. */
export function addSeriesRoutes(app: FastifyInstance, { scaler, history, clock }: ServerDeps): void {
  addEndpoint(app, 'GET', '/v1/groups/:name/series', {
    id: 'getSeries',
    summary: 'How a group stood, minute by minute; the last week is kept',
    params: groupParams,
    query: z.strictObject({
      from: timeInQuery.optional().describe('Default: an hour before `to`.'),
      to: timeInQuery.optional().describe('Default: now.'),
      step: numberInQuery(1, 1440).default(1).describe('Minutes that one point stands for.'),
    }),
    answer: seriesAnswer,
    faults: [404],
    handle: ({ params, query }) => {
      const { group, name } = findGroup(scaler, params.name)
      const to = query.to === undefined ? clock.now() : readTime(query.to)
      const from = query.from === undefined ? to - HOUR_MS : readTime(query.from)
      const stepMs = query.step * MINUTE_MS
      return { name, from, to, stepMs, points: thinSeries(history.series(groupKey(group), from, to), stepMs) }
    },
  })
  addEndpoint(app, 'GET', '/v1/series', {
    id: 'listSparklines',
    summary: 'The last hour of every group, one number a minute',
    answer: sparklinesAnswer,
    handle: () => {
      const now = clock.now()
      const from = (Math.floor(now / MINUTE_MS) - COLUMNS + 1) * MINUTE_MS
      const groups = scaler.groups().map(({ group, name }) => {
        const desired = new Array<number | null>(COLUMNS).fill(null)
        const waiting = new Array<number | null>(COLUMNS).fill(null)
        for (const point of history.series(groupKey(group), from, now)) {
          const column = Math.floor((point.at - from) / MINUTE_MS)
          desired[column] = point.desired
          waiting[column] = point.waiting ?? null
        }
        return { name, desired, waiting }
      })
      return { from, stepMs: MINUTE_MS, groups }
    },
  })
}
