import { type ConsulClient, createConsulClient } from '../../../consul/client.ts'
import { consulSettings } from '../../../consul/settings.ts'
import type { Context } from '../context.ts'

/** Works with the Consul that the environment names, and closes the connections after it. */
export async function withConsul<T>(
  { env }: Context,
  work: (client: ConsulClient) => Promise<T>,
): Promise<T> {
  const client = createConsulClient(consulSettings(env))
  try {
    return await work(client)
  } finally {
    client.close()
  }
}
