import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HealthLine, HealthReport } from '../../src/core/health/report.ts'
import { freePorts } from '../helpers/free-port.ts'
import { runCli } from '../helpers/run-cli.ts'
import { stopJobs } from '../helpers/stop-jobs.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { useCluster } from './use-cluster.ts'

const cluster = useCluster()
const SMALL = 'resources: { cpu: 0.1, memory: 64MB }'

/** `web` and, in a container, `boxed` wait for `db`; a file makes each of them healthy, another makes `web` fail. */
function stackOf(folder: string, port: number, elsewhere: string): string {
  const server = `const fs = require('node:fs'); require('node:http').createServer((q, a) => { a.statusCode = fs.existsSync('${folder}/web-broken') ? 500 : 200; a.end('as ' + a.statusCode) }).listen(${port}, '127.0.0.1')`
  return `name: shop
silence: { no-check: These are tests. }
services:
  web:
    driver: raw_exec
    command: ["${process.execPath}", -e, ${JSON.stringify(server)}]
    ports: { main: { container: ${port} } }
    depends_on: { db: healthy }
    checks: [{ type: http, path: /, interval: 1s, timeout: 1s, retries: 1, on_unhealthy: report }]
    ${SMALL}
  db:
    driver: raw_exec
    command: [/bin/sleep, "100000"]
    ports: { main: { container: 23462 } }
    checks: [{ type: script, name: db-ready, command: [/bin/ls, "${folder}/db-ready"], interval: 1s, timeout: 1s, on_unhealthy: report }]
    ${SMALL}
  boxed: { image: "drover.test/pause:1", kill_timeout: 1s, depends_on: { db: healthy }, ${SMALL} }
  huge: { driver: raw_exec, command: [/bin/sleep, "100000"], profiles: [huge], resources: { cpu: 0.1, memory: 3000GB } }
workers:
  mailer: { driver: raw_exec, command: [/bin/sleep, "100000"], queues: [mail], scale: { min: 0, max: 3 }, ${SMALL} }
batch:
  tidy: { driver: raw_exec, command: [/bin/ls, /], ${SMALL} }
periodic:
  nightly: { driver: raw_exec, command: [/bin/ls, /nowhere], cron: "0 3 1 1 *", ${SMALL} }
external:
  elsewhere: { address: "http://${elsewhere}", checks: [{ type: http, path: /v1/status/leader, interval: 1s, timeout: 1s }] }
broker: { software: bullmq, service: db }
`
}

describe.skipIf(!cluster.available)('drover health on a real Nomad and Consul', () => {
  const { nomad, consul } = cluster
  let folder = ''

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-health-'))
    const [port = 0] = await freePorts(1)
    writeFileSync(join(folder, 'stack.yml'), stackOf(folder, port, consul.replace('http://', '')))
    for (const line of ['up', 'consul sync']) {
      const { code, stderr } = await drover(line)
      if (code !== 0) throw new Error(stderr)
    }
  })

  afterAll(async () => {
    if (!cluster.available) return
    await stopJobs(nomad)
    for (const id of ['group:mailer', 'external:elsewhere'])
      await fetch(`${consul}/v1/agent/service/deregister/drover:shop:${id}`, { method: 'PUT' })
    rmSync(folder, { recursive: true, force: true })
  })

  async function drover(line: string, env: Record<string, string> = {}) {
    const given = { NOMAD_ADDR: nomad, CONSUL_HTTP_ADDR: consul, ...env }
    return runCli(line.split(' '), { cwd: folder, env: given })
  }

  async function health(
    names = '',
  ): Promise<{ code: number; report: HealthReport; line(name: string): HealthLine }> {
    const { code, stdout, stderr } = await drover(`health --json ${names}`.trim())
    if (stdout === '') throw new Error(stderr)
    const report = JSON.parse(stdout) as HealthReport
    return {
      code,
      report,
      line(name) {
        const found = report.lines.find((line) => line.name === name)
        if (found === undefined) throw new Error(`no line ${name}`)
        return found
      },
    }
  }

  it('names what a job waits for, and the check that keeps it from starting', async () => {
    const { code, line } = await waitUntil('the check has failed', async () => {
      const found = await health()
      const why = [found.line('web').why, found.line('boxed').why]
      return why.every((text) => text?.includes('No such file')) ? found : undefined
    })
    expect(code).toBe(5)
    expect(line('web')).toMatchObject({
      state: 'waiting',
      desired: 1,
      running: 0,
      why: expect.stringMatching(/^waits for db: check db-ready failing since \d+ s: .*No such file/),
      waitsFor: [{ for: 'service', name: 'db', isRegistered: true, check: { name: 'db-ready' } }],
    })
    expect(line('boxed')).toMatchObject({ state: 'waiting', running: 0, waitsFor: [{ name: 'db' }] })
    expect(line('db')).toMatchObject({
      state: 'starting',
      desired: 1,
      running: 1,
      endpoints: ['127.0.0.1:23462'],
    })
  })

  it('knows groups of none, runs, what runs elsewhere, and the scaler that is not there', async () => {
    const { report } = await waitUntil('the batch job is over', async () => {
      const found = await health()
      return found.line('tidy').state === 'healthy' ? found : undefined
    })
    const states = Object.fromEntries(report.lines.map(({ name, state, why }) => [name, [state, why]]))
    expect(states).toMatchObject({
      mailer: ['unknown', 'its queues are not known: no scaler has told of them'],
      nightly: ['idle', 'Nomad has no run of it'],
      tidy: ['healthy', expect.stringMatching(/^last run ended well \d+ s ago$/)],
      elsewhere: ['healthy', undefined],
      'drover-scaler': ['unknown', 'no scaler has registered itself in Consul'],
    })
    const told = { Status: 'passing', Output: 'nothing waiting, no workers' }
    await call(`${consul}/v1/agent/check/update/drover:shop:group:mailer:state`, told)
    const { code, line } = await waitUntil('it is told', async () => {
      const found = await health('mailer')
      return found.line('mailer').state === 'idle' ? found : undefined
    })
    expect([code, line('mailer')]).toMatchObject([0, { desired: 0, running: 0, why: told.Output }])
  })

  it('tells of a run that failed', async () => {
    await call(`${nomad}/v1/job/nightly/periodic/force`, {})
    const { code, line } = await waitUntil('the run has failed', async () => {
      const found = await health('nightly')
      return found.line('nightly').state === 'degraded' ? found : undefined
    })
    expect(line('nightly').why).toMatch(/^last run failed \d+ s ago: Exit Code: 2$/)
    expect(code).toBe(5)
  })

  it('says which allocation has no place, and why', async () => {
    expect((await drover('up huge --profile huge')).code).toBe(0)
    const { line } = await waitUntil('Nomad has looked for a place', async () => {
      const found = await health('huge')
      return found.line('huge').state === 'down' ? found : undefined
    })
    expect(line('huge')).toMatchObject({
      desired: 1,
      running: 0,
      why: '1 allocation of huge cannot be placed: memory does not suffice on 1 node',
    })
  })

  it('ends waiting with 5 when the time is over', async () => {
    const { code, stdout, stderr } = await drover('health web db --wait --timeout 2s')
    expect(code).toBe(5)
    expect(stdout).toMatch(/^web: waiting, 0\/1 running: waits for db: check db-ready failing/m)
    expect(stderr).toMatch(/^not all is healthy after 2s$/m)
  })

  it('waits until all that is asked for is healthy, telling changes once', async () => {
    const waiting = drover('health web db boxed --wait --timeout 60s')
    writeFileSync(join(folder, 'db-ready'), '')
    const { code, stdout, stderr } = await waiting
    expect([code, stdout.split('\n').slice(0, 3)]).toEqual([
      0,
      ['web', 'db', 'boxed'].map((name) => `${name}: healthy, 1/1 running`),
    ])
    const told = stderr.split('\n').filter((line) => line.startsWith('web: waiting'))
    expect(told.length).toBeLessThanOrEqual(2)
    expect(stderr).toMatch(/^3 of 3 healthy$/m)
  })

  it('shows within seconds that a check fails, and what it says', async () => {
    await waitUntil('the deployment is over', async () => {
      const found = (await (await fetch(`${nomad}/v1/job/web/deployment`)).json()) as { Status: string }
      return found.Status === 'successful' ? true : undefined
    })
    const abort = new AbortController()
    const watched = runCli(['health', 'web', '--watch'], {
      cwd: folder,
      env: { NOMAD_ADDR: nomad, CONSUL_HTTP_ADDR: consul },
      signal: abort.signal,
    })
    await waitUntil('it is healthy', async () => ((await health('web')).code === 0 ? true : undefined))
    writeFileSync(join(folder, 'web-broken'), '')
    const { code, line } = await waitUntil(
      'the failure shows',
      async () => {
        const found = await health('web')
        return found.line('web').state === 'down' ? found : undefined
      },
      { withinMs: 10_000 },
    )
    expect([code, line('web')]).toMatchObject([
      5,
      { running: 1, why: expect.stringMatching(/^check http failing: HTTP GET .*500.*as 500/) },
    ])
    await new Promise((resolve) => setTimeout(resolve, 2500))
    abort.abort()
    expect((await watched).stdout).toMatch(
      /^web: healthy, 1\/1 running\nweb: down, 1\/1 running: check http failing since \d s: .*500/,
    )
  })

  it('tells what Nomad knows when Consul is away, what Consul knows when Nomad is, and never calls it healthy', async () => {
    const away = 'http://127.0.0.1:1'
    const withoutConsul = await drover('health web tidy db', { CONSUL_HTTP_ADDR: away })
    expect(withoutConsul.code).toBe(5)
    expect(withoutConsul.stdout).toMatch(/^db: unknown, 1\/1 running: Consul cannot be asked/m)
    expect(withoutConsul.stdout).toMatch(/^tidy: healthy: last run ended well/m)
    expect(withoutConsul.stderr).toMatch(
      /^Consul cannot be asked: Consul does not answer at http:\/\/127.0.0.1:1/m,
    )
    const withoutNomad = await drover('health web db', { NOMAD_ADDR: away })
    expect(withoutNomad.code).toBe(5)
    expect(withoutNomad.stdout).toMatch(/^web: down: check http failing/m)
    expect(withoutNomad.stdout).toMatch(/^db: unknown: Nomad cannot be asked; its checks pass$/m)
    expect(withoutNomad.stderr).toMatch(/^Nomad cannot be asked: .*not reachable/m)
  })
})

async function call(url: string, body: object): Promise<void> {
  const answer = await fetch(url, { method: 'PUT', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
}
