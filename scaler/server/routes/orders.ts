import type { FastifyInstance, FastifyRequest } from 'fastify'
import { actionOrderAnswer, groupOrderAnswer } from '../../../src/core/api/answers.ts'
import { boundsBody, pauseBody, resumeBody, retireBody, scaleBody } from '../../../src/core/api/orders.ts'
import { parseDurationMs } from '../../../src/core/units.ts'
import { DroverError } from '../../../src/errors.ts'
import type { ActionAnswer } from '../../../src/ports.ts'
import type { Asker, GroupReport } from '../../reports.ts'
import type { ServerDeps } from '../deps.ts'
import { addEndpoint } from '../endpoint.ts'
import { findGroup } from '../find-group.ts'
import { groupParams } from './groups.ts'

/** What the scaler can be told to do. Each needs the token. */
export function addOrderRoutes(
  app: FastifyInstance,
  { scaler, clock }: ServerDeps,
  guard: (request: FastifyRequest) => void,
): void {
  const now = (name: string): { group?: GroupReport } => {
    const group = scaler.group(name)
    return group === undefined ? {} : { group }
  }
  const order = { params: groupParams, guard, faults: [404, 502, 503] }

  addEndpoint(app, 'POST', '/v1/groups/:name/pause', {
    ...order,
    id: 'pauseGroup',
    summary: 'Leave the group as it is, until it is resumed or for a time',
    body: pauseBody,
    answer: groupOrderAnswer,
    handle: async ({ params, body }) => {
      const { name } = findGroup(scaler, params.name)
      const until = body.for === undefined ? {} : { untilMs: clock.now() + parseDurationMs(body.for) }
      await scaler.pause(name, { ...askerOf(body), ...until })
      return now(name)
    },
  })
  addEndpoint(app, 'POST', '/v1/groups/:name/resume', {
    ...order,
    id: 'resumeGroup',
    summary: 'Scale the group again',
    body: resumeBody,
    answer: groupOrderAnswer,
    handle: async ({ params, body }) => {
      const { name } = findGroup(scaler, params.name)
      await scaler.resume(name, askerOf(body))
      return now(name)
    },
  })
  addEndpoint(app, 'POST', '/v1/groups/:name/bounds', {
    ...order,
    id: 'setBounds',
    summary: 'Set bounds by hand in place of the policy, or take them back',
    body: boundsBody,
    answer: groupOrderAnswer,
    handle: async ({ params, body }) => {
      const { name } = findGroup(scaler, params.name)
      const { min, max, clear } = body
      const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
      await scaler.setBounds(name, clear ? undefined : bounds, askerOf(body))
      return now(name)
    },
  })
  addEndpoint(app, 'POST', '/v1/groups/:name/scale', {
    ...order,
    id: 'scaleGroup',
    summary: 'Set the count now; the next decision may change it again',
    body: scaleBody,
    answer: actionOrderAnswer,
    handle: async ({ params, body }) => {
      const { name } = findGroup(scaler, params.name)
      return { answer: accepted(await scaler.scaleNow(name, body.count, askerOf(body))), ...now(name) }
    },
  })
  addEndpoint(app, 'POST', '/v1/groups/:name/retire', {
    ...order,
    id: 'retireWorker',
    summary: 'Have a worker finish what it has and leave',
    body: retireBody,
    answer: actionOrderAnswer,
    handle: async ({ params, body }) => {
      const { name } = findGroup(scaler, params.name)
      return { answer: accepted(await scaler.retire(name, body.allocation, askerOf(body))), ...now(name) }
    },
  })
}

function askerOf({ by = 'api', reason }: { by?: string | undefined; reason?: string | undefined }): Asker {
  return { by, ...(reason === undefined ? {} : { reason }) }
}

/** Those that may go away by themselves. */
const PASSING = new Set([
  'deployment-active',
  'stale-index',
  'rate-limited',
  'no-leader',
  'server-error',
  'unreachable',
  'timeout',
])

/** The answer, if it is done or would be; throws what Nomad said otherwise. */
function accepted(answer: ActionAnswer): ActionAnswer {
  if (answer.ok || answer.refusal === 'dry-run') return answer
  const { refusal, message, mayBeDone } = answer
  throw new DroverError(PASSING.has(refusal) ? 'UNAVAILABLE' : 'REJECTED', `Nomad: ${message} (${refusal})`, {
    ...(mayBeDone ? { hint: 'It may have been done all the same: look before you ask again.' } : {}),
  })
}
