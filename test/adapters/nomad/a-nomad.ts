import type { ServerResponse } from 'node:http'
import { type AServer, aServer, json, words } from './a-server.ts'

/** What a Nomad has for the mirror to read; tests change it, and send events, as they like. */
export interface ANomad {
  readonly server: AServer
  readonly jobs: Map<string, Record<string, unknown>>
  readonly allocations: Map<string, Record<string, unknown>>
  readonly deployments: Map<string, Record<string, unknown>>
  /** X-Nomad-Index of every list. */
  index: number
  /** Set: every list is refused so. */
  refuse?: { readonly status: number; readonly text: string }
  /** Called at the start of each list of allocations, before it is answered. */
  onList?: () => void
  /** Names of nodes that are being drained. */
  draining: readonly string[]
  readonly streams: ServerResponse[]
  /** Writes to the newest stream. */
  write(text: string): void
  event(topic: string, type: string, payload: object): void
}

export async function aNomad(): Promise<ANomad> {
  const server = await aServer(({ path, query }, response) => {
    const id = /^\/v1\/job\/(.+)$/.exec(path)?.[1]
    if (path === '/v1/event/stream') {
      response.writeHead(200, { 'Content-Type': 'application/json' }).write('{}\n')
      nomad.streams.push(response)
    } else if (nomad.refuse) words(response, nomad.refuse.status, nomad.refuse.text)
    else if (id !== undefined) {
      const job = nomad.jobs.get(decodeURIComponent(id))
      if (job) json(response, job)
      else words(response, 404, 'job not found')
    } else if (path === '/v1/nodes')
      json(response, [
        { Name: 'n1', Drain: nomad.draining.includes('n1') },
        { Name: 'n2', Drain: nomad.draining.includes('n2') },
      ])
    else {
      const table =
        { '/v1/jobs': nomad.jobs, '/v1/allocations': nomad.allocations }[path] ?? nomad.deployments
      const items = [...table.values()]
      if (table === nomad.allocations && query.get('per_page') !== '1') nomad.onList?.()
      json(response, items, nomad.index)
    }
  })
  const nomad: ANomad = {
    server,
    jobs: new Map(),
    allocations: new Map(),
    deployments: new Map(),
    index: 10,
    draining: ['n1'],
    streams: [],
    write(text) {
      nomad.streams.at(-1)?.write(text)
    },
    event(Topic, Type, Payload) {
      nomad.index += 1
      nomad.write(`${JSON.stringify({ Index: nomad.index, Events: [{ Topic, Type, Payload }] })}\n`)
    },
  }
  return nomad
}

export function aJob(id: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ID: id,
    Namespace: 'default',
    Type: 'batch',
    Stop: false,
    Version: 0,
    JobModifyIndex: 5,
    ModifyIndex: 5,
    SubmitTime: 1,
    Meta: { drover_kind: 'worker' },
    TaskGroups: [
      {
        Name: id,
        Count: 1,
        Tasks: [{ Name: 'wait', Lifecycle: { Hook: 'prestart' } }, { Name: 'work' }],
        Scaling: { Enabled: true, Min: 0, Max: 4, Policy: { drover: [{}] } },
      },
    ],
    ...more,
  }
}

export function anAllocation(
  id: string,
  job: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    ID: id,
    Namespace: 'default',
    JobID: job,
    TaskGroup: job,
    Name: `${job}.${job}[0]`,
    NodeID: 'node-1',
    NodeName: 'n1',
    DesiredStatus: 'run',
    ClientStatus: 'running',
    TaskStates: null,
    CreateTime: 1_700_000_000_123_000_000,
    ModifyIndex: 6,
    AllocModifyIndex: 6,
    ...more,
  }
}
