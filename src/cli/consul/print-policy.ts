import { consulPolicy } from '../../../consul/policy.ts'
import type { Stack } from '../../core/stack/stack.ts'
import type { Context } from '../context.ts'
import { wantedIntentions } from './intentions.ts'
import { wantedOf } from './sync.ts'

/** Prints the least policy for Drover's token. */
export function printPolicy(stack: Stack, profiles: readonly string[], { json, output }: Context): number {
  const services = wantedOf(stack, profiles).map(({ name }) => name)
  const destinations =
    stack.cluster.isolation === 'intentions'
      ? wantedIntentions(stack, profiles).map(({ service }) => service)
      : []
  const policy = consulPolicy(stack, services, destinations)
  if (json) output.printJson({ policy })
  else output.data(policy)
  return 0
}
