import { z } from '../core/zod.ts'
import { DroverError } from '../errors.ts'
import { nomadClient } from './nomad/client.ts'
import { mainTask } from './nomad/main-task.ts'
import type { Environment } from './nomad/settings.ts'
import { told } from './nomad/told.ts'

/** The signals that may be sent. To `raw_exec`, a name that Nomad does not know is SIGINT, and ends the task. */
export const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const
export type SignalName = (typeof SIGNALS)[number]

/** An allocation as far as retiring needs it. */
export interface WorkerAllocation {
  readonly id: string
  readonly name: string
  readonly group: string
  /** The task that takes from queues. */
  readonly task: string
  readonly status: string
}

export interface Retirement {
  /** The allocations that a word means: of an id or the start of it, else the workers on a node. Throws REJECTED. */
  find(word: string): Promise<WorkerAllocation[]>
  signal(allocation: WorkerAllocation, signal: SignalName): Promise<void>
  /** The client's status: running, complete, failed, lost. */
  status(id: string): Promise<string>
}

const taskSchema = z.object({ Name: z.string(), Lifecycle: z.unknown().optional() })
const allocationSchema = z.object({
  ID: z.string(),
  Name: z.string(),
  TaskGroup: z.string(),
  ClientStatus: z.string(),
  Job: z.object({
    Meta: z.record(z.string(), z.string()).nullish(),
    TaskGroups: z.array(z.object({ Name: z.string(), Tasks: z.array(taskSchema) })),
  }),
})
const stubsSchema = z.array(z.object({ ID: z.string() }))
const nodesSchema = z.array(z.object({ ID: z.string(), Name: z.string() }))

/** Nomad by the variables that its own CLI reads: NOMAD_ADDR, NOMAD_TOKEN, NOMAD_NAMESPACE, NOMAD_CACERT... */
export function createRetirement(env: Environment): Retirement {
  const http = nomadClient(env)
  const read = async <T>(schema: z.ZodType<T>, path: string, params = {}): Promise<T> =>
    (await http.call({ path, params, schema })).data
  const allocation = (id: string) => read(allocationSchema, `/v1/allocation/${id}`)

  async function findById(word: string): Promise<WorkerAllocation[]> {
    if (!/^[0-9a-f]{2}[0-9a-f-]*$/.test(word)) return []
    const found = await read(stubsSchema, '/v1/allocations', { prefix: word.slice(0, word.length & ~1) })
    const ids = found.map(({ ID }) => ID).filter((id) => id.startsWith(word))
    if (ids.length > 1)
      throw new DroverError('USAGE', `${word} is the start of ${ids.length} allocations`, {
        hint: 'Give more of the id.',
      })
    return Promise.all(ids.map(async (id) => workerOf(await allocation(id))))
  }

  async function findByNode(word: string): Promise<WorkerAllocation[]> {
    const nodes = await read(nodesSchema, '/v1/nodes')
    const node = nodes.find(({ ID, Name }) => Name === word || ID === word)
    if (!node) return []
    const there = await read(z.array(allocationSchema), `/v1/node/${node.ID}/allocations`)
    return there.filter((one) => isWorker(one) && one.ClientStatus === 'running').map(workerOf)
  }

  return {
    async find(word) {
      const byId = await told(findById(word))
      if (byId.length > 0) return byId
      const onNode = await told(findByNode(word))
      if (onNode.length > 0) return onNode
      throw new DroverError(
        'REJECTED',
        `Nomad knows no allocation ${word}, and no node of this name with workers`,
      )
    },
    async signal({ id, task }, signal) {
      if (!SIGNALS.includes(signal))
        throw new DroverError('USAGE', `${signal} is not one of ${SIGNALS.join(', ')}`)
      await told(
        http.call({
          method: 'PUT',
          path: `/v1/client/allocation/${id}/signal`,
          body: { Signal: signal, Task: task },
          schema: z.unknown(),
        }),
      )
    },
    status: async (id) => (await told(read(allocationSchema, `/v1/allocation/${id}`))).ClientStatus,
  }
}

function isWorker({ Job }: z.infer<typeof allocationSchema>): boolean {
  return Job.Meta?.drover_kind === 'worker'
}

/** Throws REJECTED for what is no worker: the signal would stop a service, and Nomad would start it again. */
function workerOf(found: z.infer<typeof allocationSchema>): WorkerAllocation {
  const { ID, Name, TaskGroup, ClientStatus, Job } = found
  const group = Job.TaskGroups.find((one) => one.Name === TaskGroup)
  const task = mainTask(TaskGroup, group?.Tasks ?? [])
  if (!isWorker(found) || !task)
    throw new DroverError(
      'REJECTED',
      `the allocation ${Name} (${ID.slice(0, 8)}) is not of a worker that Drover rendered`,
    )
  return { id: ID, name: Name, group: TaskGroup, task, status: ClientStatus }
}
