import { NomadError } from '../nomad-error.ts'
import { evaluateJob } from '../operations/allocations.ts'
import { deregister } from '../operations/deregister.ts'
import { planJob } from '../operations/plan-job.ts'
import { type Registration, register } from '../operations/register.ts'
import { revert, tagVersion, untagVersion } from '../operations/versions.ts'
import type { Server } from '../server.ts'
import { jobStatus } from '../state/job-status.ts'
import { type JobRecord, requireJob } from '../state/store.ts'
import { allocationStub, jobStub, jobSummary } from '../state/views.ts'
import { byAge, byModified, byName } from './paging.ts'
import type { Call, Route } from './route.ts'

const META = { KnownLeader: true, LastContact: 0, NextToken: '' }
const idOf = ({ params }: Call): string => params.id ?? ''

export function jobRoutes(server: Server): Route[] {
  const { store } = server
  const record = (call: Call, words?: string): JobRecord =>
    requireJob(store, call.namespace, idOf(call), words)
  /** Of a job that is not there, an empty list; its index is that of the table. */
  const maybe = (call: Call): JobRecord | undefined => store.jobs.get(`${call.namespace}/${idOf(call)}`)
  const jobIndex = (call: Call): number => maybe(call)?.index ?? store.tableIndex('jobs')

  return [
    {
      methods: ['GET'],
      path: '/v1/jobs',
      needs: ['list-jobs'],
      index: () => Math.max(store.tableIndex('jobs'), store.tableIndex('allocations')),
      page: byName,
      answer: ({ namespace, query }) =>
        [...store.jobs.values()]
          .filter(({ job }) => namespace === '*' || job.Namespace === namespace)
          .filter(({ job }) => job.ID.startsWith(query.prefix ?? ''))
          .map(({ job, allocations }) => jobStub(job, allocations.values(), query.meta === 'true')),
    },
    {
      methods: ['GET'],
      path: '/v1/jobs/statuses',
      needs: ['list-jobs'],
      index: () => Math.max(store.tableIndex('jobs'), store.tableIndex('allocations')),
      page: byModified,
      answer: ({ namespace }) =>
        [...store.jobs.values()]
          .filter(({ job }) => namespace === '*' || job.Namespace === namespace)
          .map(jobStatus),
    },
    {
      methods: ['PUT', 'POST'],
      path: '/v1/jobs',
      needs: ['submit-job'],
      answer: (call) => ({
        ...register(server, call.body() as Registration, call.namespace),
        ...META,
        Warnings: '',
      }),
    },
    {
      methods: ['GET'],
      path: '/v1/job/:id',
      needs: ['read-job'],
      index: jobIndex,
      answer: (call) => record(call).job,
    },
    {
      // Without /job/:id: a registration by id, as older clients send it.
      methods: ['PUT', 'POST'],
      path: '/v1/job/:id',
      needs: ['submit-job'],
      answer: (call) => ({
        ...register(server, call.body() as Registration, call.namespace),
        ...META,
        Warnings: '',
      }),
    },
    {
      methods: ['DELETE'],
      path: '/v1/job/:id',
      needs: ['submit-job'],
      answer: (call) => {
        const gone = deregister(server, call.namespace, idOf(call), call.query.purge === 'true')
        return { ...gone, Index: gone.JobModifyIndex, ...META, VolumeEvalID: '', VolumeEvalIndex: 0 }
      },
    },
    {
      methods: ['GET'],
      path: '/v1/job/:id/allocations',
      page: byAge,
      needs: ['read-job'],
      index: jobIndex,
      answer: (call) => [...(maybe(call)?.allocations.values() ?? [])].map(allocationStub),
    },
    {
      methods: ['GET'],
      path: '/v1/job/:id/evaluations',
      page: byAge,
      needs: ['read-job'],
      index: jobIndex,
      answer: (call) =>
        [...store.evaluations.values()].filter(
          ({ JobID, Namespace }) => JobID === idOf(call) && Namespace === call.namespace,
        ),
    },
    {
      methods: ['GET'],
      path: '/v1/job/:id/summary',
      needs: ['read-job'],
      index: jobIndex,
      answer: (call) => {
        const { job, allocations } = record(call)
        return jobSummary(job, allocations.values())
      },
    },
    {
      methods: ['GET'],
      path: '/v1/job/:id/deployments',
      page: byAge,
      needs: ['read-job'],
      index: jobIndex,
      answer: (call) =>
        [...store.deployments.values()]
          .filter(({ JobID, Namespace }) => JobID === idOf(call) && Namespace === call.namespace)
          .reverse(),
    },
    {
      methods: ['GET'],
      path: '/v1/job/:id/deployment',
      needs: ['read-job'],
      index: jobIndex,
      answer: (call) => maybe(call)?.deployment ?? null,
    },
    {
      methods: ['GET'],
      path: '/v1/job/:id/versions',
      needs: ['read-job'],
      index: jobIndex,
      answer: (call) => {
        const { versions, index } = record(call, 'job versions not found')
        return { Diffs: null, Index: index, ...META, Versions: versions }
      },
    },
    {
      methods: ['PUT', 'POST'],
      path: '/v1/job/:id/versions/:tag/tag',
      needs: ['submit-job'],
      answer: (call) => ({
        ...tagVersion(server, call.namespace, idOf(call), call.params.tag ?? '', call.body()),
        ...META,
      }),
    },
    {
      methods: ['DELETE'],
      path: '/v1/job/:id/versions/:tag/tag',
      needs: ['submit-job'],
      answer: (call) => ({
        Description: '',
        Name: '',
        TaggedTime: 0,
        ...untagVersion(server, call.namespace, idOf(call), call.params.tag ?? ''),
        ...META,
      }),
    },
    {
      methods: ['PUT', 'POST'],
      path: '/v1/job/:id/revert',
      needs: ['submit-job'],
      answer: (call) => ({
        ...revert(server, call.namespace, idOf(call), call.body()),
        ...META,
        Warnings: '',
      }),
    },
    {
      methods: ['PUT', 'POST'],
      path: '/v1/job/:id/evaluate',
      needs: ['read-job'],
      answer: (call) => {
        const body = call.body()
        if (body.JobID !== undefined && body.JobID !== '' && body.JobID !== idOf(call))
          throw new NomadError(400, 'JobID not same as job name')
        return { ...evaluateJob(server, call.namespace, body), ...META, Warnings: '' }
      },
    },
    {
      methods: ['PUT', 'POST'],
      path: '/v1/job/:id/plan',
      needs: ['submit-job'],
      answer: (call) => planJob(server, call.namespace, idOf(call), call.body()),
    },
  ]
}
