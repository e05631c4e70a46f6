import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface FakeJob {
  readonly ID: string
  readonly Namespace: string
  readonly Type: string
  readonly Status: string
  readonly Stop: boolean
  readonly Version: number
  readonly JobModifyIndex: number
  readonly Meta: Record<string, string>
  readonly VersionTag?: { readonly Name: string }
  readonly TaskGroups: { readonly Name: string; readonly Count: number; readonly Scaling?: object }[]
  /** The HCL: the fake compares jobs by it. */
  readonly Text: string
}

interface Registration {
  readonly Job: FakeJob
  readonly PreserveCounts: boolean
  readonly EnforceIndex: boolean
  readonly JobModifyIndex: number
}

type Answer = readonly [status: number, body: unknown]

/** As much of Nomad as `up` asks for, with Nomad's own words. What a test wants otherwise, `answer` gives. */
export async function startFakeNomad() {
  const jobs = new Map<string, FakeJob>()
  const allocations = new Map<string, object[]>()
  const state = {
    jobs,
    allocations,
    /** Bodies of registrations, in order. */
    registered: [] as Registration[],
    /** `METHOD path` of every request. */
    requests: [] as string[],
    /** Tags set, `job version name`. */
    tags: [] as string[],
    /** Answers in place of the fake's own; 'hang up' closes the connection. */
    answer: undefined as ((request: string, body: never) => Answer | 'hang up' | undefined) | undefined,
    address: '',
    reset() {
      jobs.clear()
      allocations.clear()
      state.registered = []
      state.requests = []
      state.tags = []
      state.answer = undefined
    },
    close: () => void server.close(),
  }
  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  state.address = typeof bound === 'object' && bound ? `http://127.0.0.1:${bound.port}` : ''
  return state

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '', 'http://nomad')
    let text = ''
    for await (const chunk of request) text += chunk
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    const line = `${request.method} ${pathname}`
    state.requests.push(line)
    const answer = state.answer?.(line, body as never) ?? own(line, body as never)
    if (answer === 'hang up') {
      request.socket.destroy()
      return
    }
    const [status, value] = answer
    response.statusCode = status
    response.end(typeof value === 'string' ? value : JSON.stringify(value))
  }

  function own(line: string, body: never): Answer {
    if (line === 'POST /v1/jobs/parse') return [200, parse((body as { JobHCL: string }).JobHCL)]
    if (line === 'PUT /v1/jobs') return register(body)
    const [, name = '', rest = ''] = / \/v1\/job\/([^/]+)(.*)$/.exec(line) ?? []
    if (rest === '/plan') return [200, plan(name, (body as { Job: FakeJob }).Job)]
    if (rest === '/allocations') return [200, allocations.get(name) ?? []]
    if (rest.endsWith('/tag')) {
      const tag = rest.split('/')[2]
      state.tags.push(`${name} ${(body as { Version: number }).Version} ${tag}`)
      return [200, {}]
    }
    const job = jobs.get(name)
    if (rest === '/versions' && job)
      return [
        200,
        { Versions: [job, { ...job, Version: job.Version - 1 }].map((one) => ({ ...one, Stable: false })) },
      ]
    return job ? [200, job] : [404, 'job not found']
  }

  function parse(hcl: string): Omit<FakeJob, 'Version' | 'JobModifyIndex' | 'Status'> {
    const Name = /^job "([^"]+)"/m.exec(hcl)?.[1] ?? ''
    const Count = Number(/^ {4}count *= *(\d+)/m.exec(hcl)?.[1] ?? 1)
    const scaling = hcl.includes('scaling {') ? { Scaling: { Min: 0, Max: 4 } } : {}
    return {
      ID: Name,
      Namespace: 'default',
      Type: 'service',
      Stop: false,
      Meta: { drover_stack: 'shop' },
      TaskGroups: [{ Name, Count, ...scaling }],
      Text: hcl,
    }
  }

  function plan(name: string, { Text, TaskGroups }: FakeJob): object {
    const job = jobs.get(name)
    const isSame = job?.Text === Text && !job.Stop
    const Count = TaskGroups[0]?.Count ?? 0
    const updates = job === undefined ? { Place: Count } : { DestructiveUpdate: Count }
    return {
      JobModifyIndex: job?.JobModifyIndex ?? 0,
      Diff: isSame
        ? { Type: 'None' }
        : { Type: job ? 'Edited' : 'Added', Fields: [{ Type: 'Edited', Name: 'Text', Old: 'a', New: 'b' }] },
      Annotations: { DesiredTGUpdates: { [name]: isSame ? {} : updates } },
      FailedTGAllocs: null,
      Warnings: '',
    }
  }

  function register(body: Registration): Answer {
    const { Job, JobModifyIndex, EnforceIndex } = body
    const stored = jobs.get(Job.ID)
    if (EnforceIndex && JobModifyIndex !== (stored?.JobModifyIndex ?? 0))
      return [
        500,
        `Enforcing job modify index ${JobModifyIndex}: job exists with conflicting job modify index: 9`,
      ]
    state.registered.push(body)
    const index = state.registered.length + 100
    jobs.set(Job.ID, {
      ...Job,
      Status: 'running',
      Version: stored ? stored.Version + 1 : 0,
      JobModifyIndex: index,
    })
    return [200, { EvalID: 'e', JobModifyIndex: index, Warnings: '' }]
  }
}
