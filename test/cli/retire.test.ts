import { createServer, type Server } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../helpers/run-cli.ts'

/** What of Nomad's API is asked, as Nomad 2.0 answers it. */
const NODE = 'a1b2c3d4-0000-4000-8000-000000000000'
const allocation = (id: string, kind: string) => ({
  ID: id,
  Name: `heavy.heavy[0]`,
  TaskGroup: 'heavy',
  ClientStatus: 'running',
  Job: {
    Meta: { drover_kind: kind },
    TaskGroups: [
      {
        Name: 'heavy',
        Tasks: [
          { Name: 'init', Lifecycle: { Hook: 'prestart' } },
          { Name: 'heavy', Lifecycle: null },
        ],
      },
    ],
  },
})
const WORKER = '11110000-0000-4000-8000-000000000000'
const OTHER = '11220000-0000-4000-8000-000000000000'
const SERVICE = '33330000-0000-4000-8000-000000000000'

let server: Server
let address = ''
let signals: unknown[] = []
let allocations = new Map<string, ReturnType<typeof allocation>>()
let refuse: string | undefined

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://nomad')
    const json = (value: unknown): void => void response.end(JSON.stringify(value))
    response.setHeader('content-type', 'application/json')
    const [, id, signal] = /^\/v1\/(?:client\/)?allocation\/([^/]+)(\/signal)?$/.exec(pathname) ?? []
    const one = id === undefined ? undefined : allocations.get(id)
    if (pathname === '/v1/allocations')
      json([...allocations.values()].filter(({ ID }) => ID.startsWith(searchParams.get('prefix') ?? '')))
    else if (pathname === '/v1/nodes') json([{ ID: NODE, Name: 'node-3' }])
    else if (pathname === `/v1/node/${NODE}/allocations`) json([...allocations.values()])
    else if (!one) {
      response.statusCode = 404
      response.end(`Unknown allocation "${id}"`)
    } else if (!signal) json(one)
    else if (refuse !== undefined) {
      response.statusCode = 500
      response.end(refuse)
    } else {
      let body = ''
      for await (const chunk of request) body += chunk
      signals.push([id, JSON.parse(body), request.headers['x-nomad-token']])
      if (id === WORKER) setTimeout(() => allocations.set(WORKER, { ...one, ClientStatus: 'complete' }), 100)
      json({ Index: 0 })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  address = typeof bound === 'object' && bound ? `http://127.0.0.1:${bound.port}` : ''
})

afterAll(() => void server.close())

afterEach(() => {
  signals = []
  refuse = undefined
  reset()
})

function reset(): void {
  allocations = new Map([
    [WORKER, allocation(WORKER, 'worker')],
    [OTHER, allocation(OTHER, 'worker')],
    [SERVICE, allocation(SERVICE, 'service')],
  ])
}
reset()

const run = async (line: string, env: Record<string, string> = {}) =>
  runCli(line.split(' '), { env: { NOMAD_ADDR: address, NOMAD_TOKEN: 'secret', ...env } })

describe('drover retire', () => {
  it('sends SIGTERM to the task that works, by the start of the id', async () => {
    const { code, stdout } = await run('retire 111 --json')
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      [{ id: WORKER, name: 'heavy.heavy[0]', group: 'heavy', state: 'asked' }],
    ])
    expect(signals).toEqual([[WORKER, { Signal: 'SIGTERM', Task: 'heavy' }, 'secret']])
  })

  it('waits until it has left', async () => {
    const { code, stdout } = await run(`retire ${WORKER} --wait 5s`)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^11110000 +heavy\.heavy\[0\] +left/m)
  })

  it('retires every worker of a node, each once, and nothing else there', async () => {
    const { code } = await run(`retire node-3 ${WORKER}`)
    expect(code).toBe(0)
    expect(signals.map((signal) => (signal as unknown[])[0])).toEqual([WORKER, OTHER])
  })

  it('does not know what became of one that does not leave in time', async () => {
    const { code, stdout } = await run(`retire ${OTHER} --wait 300ms --json`)
    expect(code).toBe(5)
    expect(JSON.parse(stdout)).toMatchObject([{ state: 'unknown', cause: 'it still runs' }])
  })

  it.each([
    ['an id that is the start of two', 'retire 11', 2, /11 is the start of 2 allocations/],
    ['an id that nobody has', 'retire 99', 6, /knows no allocation 99, and no node of this name/],
    ['a service', `retire ${SERVICE}`, 6, /is not of a worker that Drover rendered/],
    ['a time that is none', `retire ${WORKER} --wait soon`, 2, /--wait: .*must be a duration/],
    ['nobody', 'retire', 2, /is missing/],
  ])('%s: %s', async (_, line, exit, message) => {
    const { code, stderr } = await run(line)
    expect(stderr).toMatch(message)
    expect(code).toBe(exit)
    expect(signals).toEqual([])
  })

  it("keeps Nomad's words when it refuses", async () => {
    refuse = 'Task not running'
    const { code, stdout } = await run(`retire ${WORKER}`)
    expect(code).toBe(5)
    expect(stdout).toMatch(/unknown +Nomad answered 500: Task not running/)
  })

  it('says where it looked for Nomad', async () => {
    const { code, stderr } = await run(`retire ${WORKER}`, { NOMAD_ADDR: 'http://127.0.0.1:1' })
    expect(code).toBe(5)
    expect(stderr).toMatch(/Nomad at http:\/\/127\.0\.0\.1:1 is not reachable/)
  })
})
