import { inject } from 'vitest'
import type { Cluster } from './cluster.ts'

export interface UsedCluster extends Cluster {
  /** False where the machine cannot run a cluster: then its addresses are empty, and the tests are skipped. */
  readonly available: boolean
}

/** The cluster of this run. */
export function useCluster(): UsedCluster {
  const cluster = inject('cluster') as Cluster | null | undefined
  if (cluster === undefined) throw new Error('no cluster: run this file with test/e2e/vitest.config.ts')
  if (cluster === null) return { available: false, nomad: '', consul: '', docker: '', folder: '' }
  return { available: true, ...cluster }
}
