import { NomadError } from '../nomad-error.ts'
import { type ScaleCall, scale } from '../operations/scale.ts'
import { scaleStatus } from '../operations/scale-status.ts'
import type { Server } from '../server.ts'
import { requireJob } from '../state/store.ts'
import type { ScalingBlock } from '../state/types.ts'
import { type Route, wholeNumber } from './route.ts'

const META = { KnownLeader: true, LastContact: 0, NextToken: '', Warnings: '' }

export function scalingRoutes(server: Server): Route[] {
  const { store } = server
  const policies = (namespace: string): ScalingBlock[] =>
    [...store.jobs.values()]
      .filter(({ job }) => namespace === '*' || job.Namespace === namespace)
      .flatMap(({ job }) => (job.Stop ? [] : job.TaskGroups.flatMap(({ Scaling }) => Scaling ?? [])))

  return [
    {
      methods: ['GET'],
      path: '/v1/job/:id/scale',
      needs: ['read-job-scaling', 'read-job'],
      index: ({ namespace, params }) =>
        store.jobs.get(`${namespace}/${params.id}`)?.index ?? store.tableIndex('jobs'),
      answer: ({ namespace, params }) => scaleStatus(requireJob(store, namespace, params.id ?? '')),
    },
    {
      methods: ['PUT', 'POST'],
      path: '/v1/job/:id/scale',
      needs: ['scale-job', 'submit-job'],
      answer: ({ namespace, params, body }) => {
        const read = body()
        const count = wholeNumber(read, 'Count', 'ScalingRequest')
        const index = wholeNumber(read, 'JobModifyIndex', 'ScalingRequest')
        const call = { ...read, Count: count ?? null, JobModifyIndex: index ?? 0 } as ScaleCall
        return { ...scale(server, namespace, params.id ?? '', call), ...META }
      },
    },
    {
      methods: ['GET'],
      path: '/v1/scaling/policies',
      needs: ['list-scaling-policies', 'list-jobs'],
      index: () => store.tableIndex('jobs'),
      answer: ({ namespace, query }) =>
        policies(namespace)
          .filter(({ Target }) => query.job === undefined || Target.Job === query.job)
          .map(({ Min: _min, Max: _max, Policy: _policy, ...stub }) => stub),
    },
    {
      methods: ['GET'],
      path: '/v1/scaling/policy/:policy',
      needs: ['list-scaling-policies', 'read-job'],
      index: () => store.tableIndex('jobs'),
      answer: ({ params }) => {
        const policy = policies('*').find(({ ID }) => ID === params.policy)
        if (!policy) throw new NomadError(404, 'policy not found')
        return policy
      },
    },
  ]
}
