import { attachmentOf } from '../plan/plan-network.ts'
import { forEachJob, type Rule } from './rule.ts'

export const tcpCheckInMesh: Rule = {
  code: 'tcp-check-in-mesh',
  severity: 'error',
  silenceable: false,
  reason: 'In the mesh a sidecar answers every connection, so that Nomad refuses a tcp check there.',
  fix: 'use an http, grpc or script check',
  check: forEachJob(function* (job, { cluster }) {
    if (cluster.isolation !== 'intentions' || attachmentOf(job, cluster) !== 'bridge') return
    for (const check of job.checks)
      if (check.type === 'tcp')
        yield {
          path: [...check.path, 'type'],
          message: `the check ${check.name} of ${job.name} says nothing in the mesh`,
        }
  }),
}

export const outsideMesh: Rule = {
  code: 'outside-mesh',
  severity: 'warning',
  silenceable: true,
  reason:
    'The mesh needs a network name space of the job. A program on the network of the node is outside it: no intention keeps it from anything, and services of the mesh may not answer it.',
  fix: 'use a container driver or exec',
  check: forEachJob(function* (job, { cluster }) {
    if (cluster.isolation === 'intentions' && attachmentOf(job, cluster) === 'host')
      yield {
        path: [...job.path, 'driver'],
        message: `${job.name} runs on the network of the node, outside the mesh`,
      }
  }),
}
