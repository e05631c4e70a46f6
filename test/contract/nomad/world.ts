import { waitUntil } from '../../helpers/wait-until.ts'

/** An answer of Nomad's, read whole. */
export interface Answer {
  readonly status: number
  readonly type: string
  readonly index: number
  /** Token of the next page. */
  readonly next: string | undefined
  readonly text: string
  /** Throws when it is not JSON. */
  json<T = Record<string, unknown>>(): T
}

export interface AllocationStub {
  readonly ID: string
  readonly Name: string
  readonly ClientStatus: string
  readonly DesiredStatus: string
  readonly DesiredDescription: string
  readonly JobVersion: number
  readonly NextAllocation: string
  readonly CreateIndex: number
  readonly TaskStates: Record<
    string,
    {
      readonly State: string
      readonly Failed: boolean
      readonly Restarts: number
      readonly Events: { readonly Type: string }[]
    }
  > | null
}

export interface JobBody {
  readonly Version: number
  readonly Status: string
  readonly Stop: boolean
  readonly ModifyIndex: number
  readonly JobModifyIndex: number
  readonly VersionTag: { readonly Name: string } | null
  readonly TaskGroups: { readonly Name: string; readonly Count: number }[]
}

/** A Nomad, emulated or real, by plain HTTP: nothing of Drover's own client is between. */
export interface World {
  readonly address: string
  send(method: string, path: string, body?: unknown): Promise<Answer>
  get<T>(path: string): Promise<T>
  /** Registers; throws unless it is taken. */
  register(job: Spec, more?: object): Promise<Answer>
  scale(job: string, count: number, more?: object): Promise<Answer>
  job(id: string): Promise<JobBody>
  /** Oldest first. */
  allocations(id: string): Promise<AllocationStub[]>
  /** Waits until these are the live ones that are wanted, all running. */
  running(id: string, count: number): Promise<AllocationStub[]>
  /** Waits until no evaluation of the job is pending. */
  quiet(id: string): Promise<void>
  signal(allocation: AllocationStub | undefined, name: string): Promise<Answer>
  /** Waits until something is so. */
  until(what: string, isSo: () => Promise<boolean>): Promise<void>
  /** Waits for an allocation to have this client status. */
  status(allocation: AllocationStub | undefined, status: string): Promise<AllocationStub>
}

export interface Spec {
  readonly ID: string
  readonly Type: string
  readonly TaskGroups: object[]
  readonly [more: string]: unknown
}

/** A worker: leaves by exit 0 on SIGTERM, goes on otherwise. */
export const WORKER = "trap 'exit 0' TERM; while :; do sleep 0.1; done"

/** A job of one group `g` with one task `w` that runs a shell script. */
export function spec(
  id: string,
  group: Record<string, unknown> = {},
  job: Record<string, unknown> = {},
): Spec {
  const { script = WORKER, task = {}, ...rest } = group
  return {
    ID: id,
    Name: id,
    Type: 'batch',
    Datacenters: ['*'],
    ...job,
    TaskGroups: [
      {
        Name: 'g',
        Count: 1,
        RestartPolicy: { Attempts: 0, Mode: 'fail' },
        ...(job.Type === 'service'
          ? {}
          : {
              ReschedulePolicy: {
                Attempts: 0,
                Interval: 0,
                Unlimited: false,
                Delay: 5e9,
                DelayFunction: 'constant',
              },
            }),
        ...rest,
        Tasks: [
          {
            Name: 'w',
            Driver: 'raw_exec',
            Config: { command: '/bin/sh', args: ['-c', script] },
            Resources: { CPU: 20, MemoryMB: 20 },
            KillTimeout: 1e9,
            LogConfig: { MaxFiles: 1, MaxFileSizeMB: 1 },
            ...(task as object),
          },
        ],
      },
    ],
  }
}

export function worldOf(address: string): World {
  async function send(method: string, path: string, body?: unknown): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(
      `${address}/v1/${path}`,
      body === undefined ? { method } : { method, body: text },
    )
    const answer = await response.text()
    return {
      status: response.status,
      type: response.headers.get('content-type')?.split(';')[0] ?? '',
      index: Number(response.headers.get('x-nomad-index')),
      next: response.headers.get('x-nomad-nexttoken') ?? undefined,
      text: answer,
      json: () => JSON.parse(answer),
    }
  }
  const get = async <T>(path: string): Promise<T> => (await send('GET', path)).json<T>()
  const allocations = async (id: string): Promise<AllocationStub[]> =>
    (await get<AllocationStub[]>(`job/${id}/allocations`)).sort((a, b) => a.CreateIndex - b.CreateIndex)
  const soon = <T>(what: string, ask: () => Promise<T | undefined>): Promise<T> =>
    waitUntil(what, ask, { withinMs: 30_000, everyMs: 50 })

  return {
    address,
    send,
    get,
    allocations,
    async register(job, more = {}) {
      const answer = await send('PUT', 'jobs', { Job: job, ...more })
      if (answer.status !== 200) throw new Error(`registering ${job.ID}: ${answer.status} ${answer.text}`)
      return answer
    },
    scale: (job, count, more = {}) =>
      send('PUT', `job/${job}/scale`, { Count: count, Target: { Group: 'g' }, ...more }),
    job: (id) => get(`job/${id}`),
    async until(what, isSo) {
      await soon(what, async () => (await isSo()) || undefined)
    },
    running: (id, count) =>
      soon(`${count} of ${id} run`, async () => {
        const wanted = (await allocations(id)).filter(
          ({ DesiredStatus, ClientStatus }) => DesiredStatus === 'run' && ClientStatus !== 'complete',
        )
        const isAll =
          wanted.length === count && wanted.every(({ ClientStatus }) => ClientStatus === 'running')
        return isAll ? wanted.sort((a, b) => a.Name.localeCompare(b.Name)) : undefined
      }),
    async quiet(id) {
      await soon(`${id} is quiet`, async () => {
        const all = await get<{ Status: string; WaitUntil?: string }[]>(`job/${id}/evaluations`)
        return all.every(({ Status, WaitUntil }) => Status !== 'pending' || WaitUntil) || undefined
      })
    },
    signal: (allocation, name) =>
      send('PUT', `client/allocation/${allocation?.ID}/signal`, { Signal: name, Task: 'w' }),
    status: (allocation, status) =>
      soon(`${allocation?.Name} is ${status}`, async () => {
        const one = await get<AllocationStub>(`allocation/${allocation?.ID}`)
        return one.ClientStatus === status ? one : undefined
      }),
  }
}
