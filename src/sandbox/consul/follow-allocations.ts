import type { NomadEmulator } from '../nomad/emulator.ts'
import type { Allocation } from '../nomad/state/types.ts'
import type { ConsulEmulator } from './emulator.ts'
import { servicesOf } from './nomad-services.ts'

/** Has the services of an emulated Nomad's allocations in an emulated Consul while they run. Answers how to stop that. */
export function followAllocations(
  nomad: Pick<NomadEmulator, 'onAllocation'>,
  consul: Pick<ConsulEmulator, 'register' | 'deregister'>,
): () => void {
  const registered = new Map<string, readonly string[]>()
  return nomad.onAllocation((allocation) => {
    const { ID } = allocation
    if (isUp(allocation)) {
      if (registered.has(ID)) return
      const services = servicesOf(allocation)
      registered.set(
        ID,
        services.map(({ id }) => id),
      )
      for (const service of services) consul.register(service)
    } else {
      for (const id of registered.get(ID) ?? []) consul.deregister(id)
      registered.delete(ID)
    }
  })
}

/** What a task that prepares runs for is not there yet. */
function isUp({ DesiredStatus, ClientStatus, TaskStates, Job, TaskGroup }: Allocation): boolean {
  if (DesiredStatus !== 'run' || ClientStatus !== 'running') return false
  const tasks = Job.TaskGroups.find(({ Name }) => Name === TaskGroup)?.Tasks ?? []
  return tasks
    .filter(({ Lifecycle }) => Lifecycle === null || Lifecycle.Hook === '')
    .every(({ Name }) => TaskStates?.[Name]?.State === 'running')
}
