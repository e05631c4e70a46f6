import { waitUntil } from './wait-until.ts'

/**
 * Stops every job of a Nomad agent, waits until nothing of them runs, and removes them. An agent that ends while
 * a task is being killed leaves the task's container and mounts behind.
 */
export async function stopJobs(address: string): Promise<void> {
  const jobs = await get<{ ID: string; Namespace: string }>(address, 'jobs?namespace=*')
  const remove = async (query: string): Promise<void> => {
    for (const { ID, Namespace } of jobs) {
      const path = `job/${encodeURIComponent(ID)}?namespace=${Namespace}${query}`
      await fetch(`${address}/v1/${path}`, { method: 'DELETE' })
    }
  }
  await remove('')
  await waitUntil('no task runs', async () => {
    const allocations = await get<{ ClientStatus: string }>(address, 'allocations?namespace=*')
    const isLive = ({ ClientStatus }: { ClientStatus: string }): boolean =>
      ClientStatus === 'running' || ClientStatus === 'pending'
    return allocations.some(isLive) ? undefined : true
  })
  // Their networks are taken down after the last task, and this waits for that.
  await fetch(`${address}/v1/client/gc`, { method: 'PUT' })
  // Purged at once, a job's allocations would vanish from the list while they still run.
  await remove('&purge=true')
}

async function get<T>(address: string, path: string): Promise<T[]> {
  return (await (await fetch(`${address}/v1/${path}`)).json()) as T[]
}
