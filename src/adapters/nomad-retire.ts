import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import axios, { type AxiosInstance } from 'axios'
import { z } from '../core/zod.ts'
import { DroverError } from '../errors.ts'

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

const taskSchema = z.object({ Name: z.string(), Lifecycle: z.unknown() })
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

/** Nomad by the variables that its own CLI reads: NOMAD_ADDR, NOMAD_TOKEN, NOMAD_NAMESPACE, NOMAD_CACERT. */
export function createRetirement(env: Readonly<Record<string, string | undefined>>): Retirement {
  const http = client(env)
  const read = async <T>(schema: z.ZodType<T>, path: string, params: object = {}): Promise<T> => {
    const { data } = await http.get(path, { params })
    const parsed = schema.safeParse(data)
    if (parsed.success) return parsed.data
    throw new DroverError('REJECTED', `Nomad's answer to ${path} cannot be read: ${parsed.error.message}`)
  }
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
      await told(http.put(`/v1/client/allocation/${id}/signal`, { Signal: signal, Task: task }))
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
  const tasks = (group?.Tasks ?? []).filter((task) => task.Lifecycle === null || task.Lifecycle === undefined)
  const task = tasks.find((one) => one.Name === TaskGroup) ?? tasks[0]
  if (!isWorker(found) || !task)
    throw new DroverError(
      'REJECTED',
      `the allocation ${Name} (${ID.slice(0, 8)}) is not of a worker that Drover rendered`,
    )
  return { id: ID, name: Name, group: TaskGroup, task: task.Name, status: ClientStatus }
}

function client(env: Readonly<Record<string, string | undefined>>): AxiosInstance {
  const { NOMAD_ADDR, NOMAD_TOKEN, NOMAD_NAMESPACE, NOMAD_CACERT } = env
  return axios.create({
    baseURL: NOMAD_ADDR || 'http://127.0.0.1:4646',
    timeout: 10_000,
    proxy: false,
    headers: NOMAD_TOKEN ? { 'X-Nomad-Token': NOMAD_TOKEN } : {},
    params: NOMAD_NAMESPACE ? { namespace: NOMAD_NAMESPACE } : {},
    ...(NOMAD_CACERT ? { httpsAgent: new Agent({ ca: readFileSync(NOMAD_CACERT) }) } : {}),
  })
}

/** Says what failed as Nomad says it. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (!axios.isAxiosError(cause)) throw cause
    const { response, config } = cause
    if (response)
      throw new DroverError(
        'REJECTED',
        `Nomad answered ${response.status}: ${String(response.data).trim()}`,
        { cause },
      )
    throw new DroverError(
      'UNAVAILABLE',
      `Nomad does not answer at ${config?.baseURL}: ${cause.message || cause.code}`,
      {
        hint: 'NOMAD_ADDR says where it is.',
        cause,
      },
    )
  }
}
