import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConsulClient } from '../../consul/client.ts'
import { type ConsulReporter, createConsulReporter } from '../../consul/reporter.ts'
import { loadStack } from '../../src/adapters/stack-file.ts'
import { artefact, chromiumOnPath, openBrowser } from '../helpers/browser.ts'
import { freePorts } from '../helpers/free-port.ts'
import { groupFacts } from '../helpers/group-facts.ts'
import { runCli } from '../helpers/run-cli.ts'
import { stopJobs } from '../helpers/stop-jobs.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { useCluster } from './use-cluster.ts'

const cluster = useCluster()
const program = cluster.available ? chromiumOnPath() : undefined
const SMALL = 'driver: raw_exec, resources: { cpu: 0.1, memory: 64MB }'
const SLEEP = `${SMALL}, command: [/bin/sleep, "100000"]`

function stackOf(port: number, elsewhere: string): string {
  const server = `require('node:http').createServer((q, a) => a.end('ok')).listen(${port}, '127.0.0.1')`
  const check = 'interval: 1s, timeout: 1s, retries: 1, on_unhealthy: report'
  const worker = `${SLEEP}, scale: { min: 0, max: 4 }`
  return `name: shop
silence: { no-check: These are tests. }
services:
  api:
    ${SMALL.replace(', ', '\n    ')}
    command: ["${process.execPath}", -e, ${JSON.stringify(server)}]
    ports: { main: { container: ${port} } }
    meta: { tier: web }
    checks: [{ type: http, path: /, ${check} }]
  db: { ${SLEEP}, ports: { main: { container: 1 } }, meta: { tier: data }, checks: [{ type: tcp, ${check} }] }
workers:
  keeps-up: { ${worker}, queues: [mail] }
  late: { ${worker}, queues: [reports] }
  stuck: { ${worker}, queues: [images] }
external:
  model-api: { address: "http://${elsewhere}", checks: [{ type: http, path: /v1/status/leader, interval: 1s, timeout: 1s }] }
broker: { software: bullmq, service: db }
`
}

const WELL = { ready: true, problems: [], isLeader: true }
const groups = [
  groupFacts('keeps-up', { busy: 3, idle: 1, waiting: 2, oldestAgeMs: 1200 }),
  groupFacts('late', { busy: 4, idle: 0, waiting: 12, oldestAgeMs: 480_000 }),
  groupFacts('stuck', { desired: 0, live: 0, idle: 0, waiting: 7, oldestAgeMs: 900_000 }),
]

describe.skipIf(program === undefined)("Consul's UI", () => {
  const { nomad, consul } = cluster
  let folder = ''
  let browser: Browser | undefined
  let reporter: ConsulReporter | undefined
  /** In the place of the scaler's API. */
  const scaler = createServer((_, answer) => answer.end('{}'))

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-ui-'))
    const [port = 0, own = 0] = await freePorts(2)
    await new Promise<void>((resolve) => scaler.listen(own, '127.0.0.1', resolve))
    const file = join(folder, 'stack.yml')
    writeFileSync(file, stackOf(port, consul.replace('http://', '')))
    const env = { NOMAD_ADDR: nomad, CONSUL_HTTP_ADDR: consul }
    const { code, stderr } = await runCli(['up'], { cwd: folder, env })
    if (code !== 0) throw new Error(stderr)
    const { stack } = loadStack({ file })
    reporter = createConsulReporter({
      client: createConsulClient({ address: consul, verify: true }),
      clock: { now: Date.now },
      scaler: { id: 'ui', host: '127.0.0.1', port: own, protocol: 'http', version: '0.1.0' },
      stack: () => stack,
    })
    reporter.update(groups, WELL)
    await reporter.settled()
    browser = await openBrowser(program ?? '')
  })

  afterAll(async () => {
    await browser?.close()
    await reporter?.close()
    scaler.close()
    if (!cluster.available) return
    await stopJobs(nomad)
    for (const id of ['group:keeps-up', 'group:late', 'group:stuck', 'external:model-api'])
      await fetch(`${consul}/v1/agent/service/deregister/drover:shop:${id}`, { method: 'PUT' })
    rmSync(folder, { recursive: true, force: true })
  })

  it('lists the services of the stack with their health, worker groups included, and follows them', async () => {
    const page = await (browser as Browser).newPage({ viewport: { width: 1280, height: 960 } })
    await page.goto(`${consul}/ui/dc1/services`)
    const shows = async (wanted: Readonly<Record<string, string>>, withinMs: number) => {
      let shown: unknown
      await waitUntil(
        'the page shows it',
        async () => {
          shown = await page.evaluate(LIST)
          expect(shown).toMatchObject(wanted)
          return true
        },
        { withinMs },
      )
      return shown as Readonly<Record<string, string>>
    }
    const states = {
      api: 'passing',
      db: 'critical',
      'keeps-up-group': 'passing',
      'late-group': 'warning',
      'stuck-group': 'critical',
      'model-api': 'passing',
      'drover-scaler': 'passing',
    }
    // The agent asks the scaler every ten seconds.
    const all = await shows(states, 40_000)
    expect(Object.keys(all)).toContain('nomad')
    await page.screenshot({ path: artefact('consul-ui') })
    expect(await page.locator('li', { hasText: 'api' }).first().textContent()).toMatch(/Registered via Nomad/)
    expect(await page.locator('li', { hasText: 'stuck-group' }).textContent()).toMatch(
      /1 instance\s+group\s+shop/,
    )

    await page.goto(`${consul}/ui/dc1/services?filter=shop`)
    await waitUntil('only those of the stack are left', async () => {
      const left = Object.keys((await page.evaluate(LIST)) as object).sort()
      expect(left).toEqual(Object.keys(states).sort())
      return true
    })

    reporter?.update(
      groups.map((one) => (one.group.group === 'stuck' ? groupFacts('stuck') : one)),
      WELL,
    )
    await shows({ 'stuck-group': 'passing', 'late-group': 'warning' }, 20_000)
  })
})

/** Evaluated in the page: the state of each service in the list, by its name. */
const LIST = `Object.fromEntries([...document.querySelectorAll('a[href^="/ui/dc1/services/"]')].map((link) =>
  [link.textContent.trim(), link.parentElement.querySelector('dl')?.className]))`
