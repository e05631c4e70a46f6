import type { Job, Stack } from '../stack/stack.ts'

/** Two jobs may talk when they share a network of the stack. */
export function mayTalk(a: Job, b: Job): boolean {
  return a.networks.some((network) => b.networks.includes(network))
}

/**
 * The docker network a job lives in. The docker driver joins one network only: the first of its list; jobs
 * of its other networks are reached by the ports of the node.
 */
export function dockerNetwork(stack: Stack, job: Job): string {
  return `${stack.name}_${job.networks[0] ?? 'default'}`
}
