import type { ConsulClient } from '../../../consul/client.ts'
import type { PlatformReading, Told } from '../../core/health/reading.ts'
import type { Stack } from '../../core/stack/stack.ts'
import { DroverError } from '../../errors.ts'
import type { NomadHttp } from '../nomad/client.ts'
import { NomadError } from '../nomad/failure.ts'
import { readConsul } from './read-consul.ts'
import { readNomad } from './read-nomad.ts'

export interface Platform {
  readonly nomad: NomadHttp
  readonly consul: ConsulClient
  readonly now: () => number
  readonly signal: AbortSignal
}

/** Asks both at once. One that does not answer, or refuses, does not keep the other from telling. */
export async function readPlatform(stack: Stack, platform: Platform): Promise<PlatformReading> {
  const { nomad, consul, now, signal } = platform
  const [fromNomad, fromConsul] = await Promise.all([
    told(readNomad(nomad, stack.cluster.namespace, signal)),
    told(readConsul(consul, stack)),
  ])
  return { nomad: fromNomad, consul: fromConsul, at: now() }
}

async function told<T>(work: Promise<T>): Promise<Told<T>> {
  try {
    return { value: await work }
  } catch (error) {
    if (error instanceof NomadError || error instanceof DroverError) return { cause: error.message }
    throw error
  }
}
