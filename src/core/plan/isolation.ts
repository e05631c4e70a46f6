import type { Job, Stack } from '../stack/stack.ts'

/** Two jobs may talk when they share a network of the stack. */
export function mayTalk(a: Job, b: Job): boolean {
  return a.networks.some((network) => b.networks.includes(network))
}

/**
 * The network that a job lives in where it can join one only, as with the docker driver: the first of its
 * list. Jobs of its other networks are reached by the ports of the node.
 */
export function homeNetwork(job: Job): string {
  return job.networks[0] ?? 'default'
}

/** Name of the docker network that a network of the stack is. */
export function dockerNetwork(stack: Stack, network: string): string {
  return `${stack.name}_${network}`
}
