import { DroverError } from '../src/errors.ts'
import type { ConsulClient } from './client.ts'
import { each } from './each.ts'
import type { Changes } from './reconcile.ts'

const AT_ONCE = 16

/**
 * Carries changes out: removes first, so that a name is free for what takes it. Throws what the client throws.
 * @param onRefused told of what Consul refuses; then the rest is done all the same
 */
export async function applyChanges(
  client: ConsulClient,
  changes: Changes,
  onRefused?: (id: string, refusal: DroverError) => void,
): Promise<void> {
  const attempt = async (id: string, work: Promise<void>): Promise<void> => {
    try {
      await work
    } catch (error) {
      if (onRefused === undefined || !isRefusal(error)) throw error
      onRefused(id, error)
    }
  }
  await each(changes.remove, AT_ONCE, (service) => attempt(service.id, client.deregister(service)))
  const put = [...changes.create, ...changes.update.map(({ registration }) => registration)]
  await each(put, AT_ONCE, (registration) => attempt(registration.id, client.register(registration)))
}

/** Consul said no, which is another thing than that it cannot answer. */
export function isRefusal(error: unknown): error is DroverError {
  return error instanceof DroverError && error.code === 'REJECTED'
}
