import type { FastifyInstance } from 'fastify'
import {
  groupAnswer,
  groupsAnswer,
  queuesAnswer,
  whyAnswer,
  workersAnswer,
} from '../../../src/core/api/answers.ts'
import { numberInQuery, readTime, timeInQuery } from '../../../src/core/api/values.ts'
import { groupKey } from '../../../src/core/scaling/group-ref.ts'
import { z } from '../../../src/core/zod.ts'
import type { ServerDeps } from '../deps.ts'
import { addEndpoint } from '../endpoint.ts'
import { findGroup } from '../find-group.ts'
import type { LatestDecisions } from '../latest-decisions.ts'
import { pastDecisions } from '../past-decisions.ts'
import { whyNow, whyThen } from '../why.ts'

export const groupParams = z.object({
  name: z.string().describe('`worker_heavy`, `job/group` or `namespace/job/group`, URL-encoded.'),
})

/** What is known of groups, queues and workers. */
export function addGroupRoutes(
  app: FastifyInstance,
  { scaler, history, clock }: ServerDeps,
  latest: LatestDecisions,
): void {
  addEndpoint(app, 'GET', '/v1/groups', {
    id: 'listGroups',
    summary: 'All groups as they stand',
    answer: groupsAnswer,
    handle: () => ({ groups: scaler.groups() }),
  })
  addEndpoint(app, 'GET', '/v1/groups/:name', {
    id: 'getGroup',
    summary: 'One group, and its last decisions with what they were made from',
    params: groupParams,
    query: z.strictObject({ decisions: numberInQuery(0, 100).default(10) }),
    answer: groupAnswer,
    faults: [404],
    handle: ({ params, query }) => {
      const group = findGroup(scaler, params.name)
      return { group, decisions: pastDecisions(history, groupKey(group.group), clock.now(), query.decisions) }
    },
  })
  addEndpoint(app, 'GET', '/v1/groups/:name/why', {
    id: 'explainGroup',
    summary: 'The decision in force, now or at a time, with every step of the way to it',
    params: groupParams,
    query: z.strictObject({ at: timeInQuery.optional() }),
    answer: whyAnswer,
    faults: [404],
    handle: ({ params, query }) => {
      const group = findGroup(scaler, params.name)
      const now = clock.now()
      const at = query.at === undefined ? now : readTime(query.at)
      return at >= now
        ? whyNow(group, latest.of(groupKey(group.group)), history, now)
        : whyThen(group, history, at, now)
    },
  })
  addEndpoint(app, 'GET', '/v1/queues', {
    id: 'listQueues',
    summary: 'What each queue held when its groups were last decided on',
    answer: queuesAnswer,
    handle: () => ({ queues: latest.queues(scaler.groups()) }),
  })
  addEndpoint(app, 'GET', '/v1/workers', {
    id: 'listWorkers',
    summary: 'Every worker of every group, and what it does',
    answer: workersAnswer,
    handle: () => ({
      workers: scaler
        .groups()
        .flatMap(({ name, workers }) => workers.map((worker) => ({ group: name, ...worker }))),
    }),
  })
}
