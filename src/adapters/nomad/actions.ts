import { randomUUID } from 'node:crypto'
import type { GroupRef } from '../../core/scaling/group-ref.ts'
import { z } from '../../core/zod.ts'
import type { ActionAnswer, NomadActions, ScaleRequest } from '../../ports.ts'
import { type Attempts, inAttempts } from './attempts.ts'
import type { NomadHttp } from './client.ts'
import { classify } from './failure.ts'
import { jobPath, type NomadJob } from './job-schema.ts'
import { reviveJob } from './revive.ts'
import { tagVersion } from './tag-version.ts'

export interface ActionsOptions {
  /** The job as Drover renders it, for a job that Nomad has collected; undefined when Drover does not render it. */
  readonly rendered?: (group: GroupRef) => Promise<NomadJob | undefined>
  /** Known without asking: a scale of a stopped job is answered 200, and does nothing. */
  readonly isStopped?: (group: GroupRef) => boolean
  /** For all attempts of one action together, ms. Default: 5.8 s; Nomad says that it has no leader after 5.2 s. */
  readonly withinMs?: number
  /** Between the first attempt and the second, ms. Default: 100. */
  readonly firstWaitMs?: number
}

/** Key in the meta of Nomad's scaling event, by which an action knows its own. */
export const ACTION_KEY = 'drover_action'

const WITHIN_MS = 5800
const FIRST_WAIT_MS = 100
const SIGNALLED = z.unknown()

/** Acts on Nomad. One action takes `withinMs` at most, attempts and waits between them included. */
export function createNomadActions(http: NomadHttp, options: ActionsOptions = {}): NomadActions {
  const { rendered = async () => undefined, isStopped = () => false } = options
  const times = { withinMs: options.withinMs ?? WITHIN_MS, firstWaitMs: options.firstWaitMs ?? FIRST_WAIT_MS }
  return {
    async scale(request) {
      if (isStopped(request.group)) return stopped(request.group)
      // Nomad takes 0 for "whatever it is".
      if (!(request.jobModifyIndex > 0)) return invalid('a scale needs the modify index of its job')
      const action = randomUUID()
      return inAttempts(
        times,
        (attempts) => scaleOnce(http, request, action, attempts),
        // Compare-and-set: what was applied once is not applied again.
        () => true,
      )
    },
    retire: (allocation, task) =>
      inAttempts(
        times,
        async ({ leftMs }) => {
          await http.call({
            method: 'PUT',
            path: `/v1/client/allocation/${encodeURIComponent(allocation)}/signal`,
            body: { Signal: 'SIGTERM', Task: task },
            schema: SIGNALLED,
            timeoutMs: leftMs(),
          })
          return {}
        },
        // Some programs take the second SIGTERM for "stop at once".
        ({ mayBeDone }) => !mayBeDone,
      ),
    revive: (group, count) =>
      inAttempts(
        times,
        (attempts) => reviveJob(http, { group, count, rendered }, attempts),
        () => true,
      ),
    tagVersion: (group, version, name, description) =>
      inAttempts(
        times,
        (attempts) => tagVersion(http, { group, version, name, description }, attempts),
        () => true,
      ),
  }
}

const scaledSchema = z.object({ EvalID: z.string(), JobModifyIndex: z.number() })

async function scaleOnce(http: NomadHttp, request: ScaleRequest, action: string, attempts: Attempts) {
  const { group, count, jobModifyIndex, message, meta } = request
  try {
    const { data } = await http.call({
      method: 'PUT',
      path: `${jobPath(group.job)}/scale`,
      params: { namespace: group.namespace },
      body: {
        Count: count,
        Target: { Group: group.group },
        Message: message,
        Meta: { ...meta, [ACTION_KEY]: action },
        JobModifyIndex: jobModifyIndex,
      },
      schema: scaledSchema,
      timeoutMs: attempts.leftMs(),
    })
    return { jobModifyIndex: data.JobModifyIndex, evaluation: data.EvalID }
  } catch (error) {
    const failure = classify(error)
    if (failure.refusal !== 'stale-index' || !attempts.mayBeDone()) throw error
    const done = await findOwn(http, group, action, attempts.leftMs())
    if (done) return done
    throw error
  }
}

const eventsSchema = z.object({
  JobModifyIndex: z.number(),
  TaskGroups: z.record(
    z.string(),
    z.object({
      Events: z
        .array(z.object({ EvalID: z.string().nullish(), Meta: z.record(z.string(), z.unknown()).nullish() }))
        .nullish(),
    }),
  ),
})

/** An earlier attempt had no answer: did it go through? Nomad keeps the last 20 scaling events of a group. */
async function findOwn(http: NomadHttp, group: GroupRef, action: string, timeoutMs: number) {
  const { data } = await http.call({
    path: `${jobPath(group.job)}/scale`,
    params: { namespace: group.namespace },
    schema: eventsSchema,
    timeoutMs,
  })
  const own = data.TaskGroups[group.group]?.Events?.find(({ Meta }) => Meta?.[ACTION_KEY] === action)
  if (own === undefined) return undefined
  return { jobModifyIndex: data.JobModifyIndex, ...(own.EvalID ? { evaluation: own.EvalID } : {}) }
}

function stopped({ job }: GroupRef): ActionAnswer {
  return { ok: false, refusal: 'job-stopped', message: `the job ${job} is stopped`, ...NOT_SENT }
}

function invalid(message: string): ActionAnswer {
  return { ok: false, refusal: 'invalid', message, ...NOT_SENT }
}

const NOT_SENT = { mayBeDone: false, attempts: 0 } as const
