import type { TestProject } from 'vitest/node'
import { nomadOnPath } from '../helpers/nomad-agent.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { whatIsMissing } from './requirements.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** null: this machine cannot run one, and the tests that need it are skipped. */
    cluster: Cluster | null
  }
}

/** One cluster for all end-to-end tests of a run. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = await whatIsMissing()
  if (missing !== undefined) {
    // CI has Nomad only where it is meant to run these tests; a machine that lost a package must not pass them over.
    if (process.env.CI && nomadOnPath() !== undefined) throw new Error(missing)
    process.stdout.write(`skipped: ${missing}\n`)
    project.provide('cluster', null)
    return undefined
  }
  const { close, ...cluster } = await startCluster()
  project.provide('cluster', cluster)
  return close
}
