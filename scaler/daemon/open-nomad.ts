import { createNomadActions } from '../../src/adapters/nomad/actions.ts'
import { nomadClient } from '../../src/adapters/nomad/client.ts'
import { createClusterMirror } from '../../src/adapters/nomad/cluster-mirror.ts'
import { createLockStore } from '../../src/adapters/nomad/lock-store.ts'
import type { Stack } from '../../src/core/stack/stack.ts'
import type { Clock, ClusterMirror } from '../../src/ports.ts'
import type { ScalerDeps } from '../deps.ts'
import { renderedJob } from './policy-provider.ts'

export interface NomadOptions {
  /** Nomad's own variables: NOMAD_ADDR, NOMAD_TOKEN, NOMAD_NAMESPACE, NOMAD_CACERT... */
  readonly env: Readonly<Record<string, string | undefined>>
  /** As it was read last. */
  readonly stack: () => Stack
  readonly clock: Clock
  /** Of the variable under the lock; default: after the stack's name. */
  readonly lockPath?: string | undefined
}

/** What the scaler sees of Nomad, and does there. Throws USAGE and CONFIG_INVALID; silence is no error. */
export function openNomad({
  env,
  stack,
  clock,
  lockPath,
}: NomadOptions): Required<Pick<ScalerDeps, 'actions' | 'openMirror' | 'lock'>> & { close(): void } {
  const http = nomadClient(env)
  const { name, cluster } = stack()
  let mirror: ClusterMirror | undefined
  return {
    actions: createNomadActions(http, {
      rendered: (group) => renderedJob(stack(), group),
      isStopped: (group) => mirror?.group(group)?.job === 'stopped',
    }),
    openMirror(listener) {
      mirror = createClusterMirror(http, { clock, listener })
      return mirror
    },
    lock: createLockStore(http, lockPath ?? `drover/scaler/${name}`, cluster.namespace),
    close: () => http.close(),
  }
}
