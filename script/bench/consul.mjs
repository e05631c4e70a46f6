// Registering 1,000 services in a real Consul of its own: from nothing, without change, and with one change in ten.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { printRows } from './lib/print.mjs'
import { median } from './lib/processes.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SERVICES = 1000

export async function run({ rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'drover-bench-'))
  const bundle = join(ROOT, 'node_modules/.cache', `bench-consul-${process.pid}.mjs`)
  const { agent, address } = await startConsul(folder)
  try {
    await bundleConsul(bundle)
    const { createConsulClient, applyChanges, reconcile, wantedGroup } = await import(bundle)
    const client = createConsulClient({ address, verify: true })
    const wanted = (queue) =>
      Array.from({ length: SERVICES }, (_, index) =>
        wantedGroup(
          { name: 'bench', jobs: [], external: [] },
          {
            group: { namespace: 'default', job: `worker-${index}`, group: `worker-${index}` },
            queues: [index % 10 === 0 ? queue : 'queue'],
            origin: 'stack',
          },
        ),
      )
    const sync = async (services) => {
      const started = performance.now()
      const changes = reconcile(services, await client.present('bench'))
      await applyChanges(client, changes)
      return { ms: performance.now() - started, count: changes.create.length + changes.update.length }
    }
    const before = cpuMs(agent.pid)
    const fresh = await sync(wanted('queue'))
    const busy = cpuMs(agent.pid) - before
    const again = []
    for (let round = 0; round < rounds; round++) again.push(await sync(wanted('queue')))
    const tenth = await sync(wanted('other'))
    if (fresh.count !== SERVICES || again.some(({ count }) => count > 0) || tenth.count !== SERVICES / 10)
      throw new Error('a sync did not change what it should')
    const gone = await sync([])
    const same = median(again.map(({ ms }) => ms))
    printRows(`${SERVICES} services, Consul at ${address}`, [
      { name: 'from nothing', ms: fresh.ms, target: '< 10 s', ok: fresh.ms < 10_000 },
      // On a machine that does something else as well, time says little: this is what Consul itself takes of it.
      { name: "  of it Consul's CPU, all cores", ms: busy },
      { name: 'without change', ms: same, target: '< 1 s', ok: same < 1000 },
      { name: 'one in ten changed', ms: tenth.ms },
      { name: 'all removed', ms: gone.ms },
    ])
    client.close()
  } finally {
    agent.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
    rmSync(bundle, { force: true })
  }
}

/** CPU time of a process in ms, from the ticks of 10 ms that Linux counts; NaN elsewhere. */
function cpuMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return Number.NaN
  }
}

/** Node 20 reads no TypeScript. */
async function bundleConsul(outfile) {
  mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true })
  const names = ['client', 'sync', 'reconcile', 'wanted']
  await build({
    absWorkingDir: ROOT,
    stdin: {
      contents: names.map((name) => `export * from './consul/${name}.ts'`).join('\n'),
      resolveDir: ROOT,
    },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  })
}

async function startConsul(folder) {
  const binary = execFileSync(join(ROOT, 'script/consul'), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim()
  const [http, serf, server, grpc] = await Promise.all([freePort(), freePort(), freePort(), freePort()])
  const agent = spawn(
    binary,
    [
      ...['agent', '-server', '-bootstrap', '-bind=127.0.0.1', '-client=127.0.0.1', '-log-level=error'],
      ...[`-data-dir=${folder}`, `-http-port=${http}`, `-serf-lan-port=${serf}`, `-server-port=${server}`],
      ...[`-grpc-port=${grpc}`, '-serf-wan-port=-1', '-dns-port=-1'],
    ],
    { stdio: 'ignore' },
  )
  const address = `http://127.0.0.1:${http}`
  for (;;) {
    const leader = await fetch(`${address}/v1/status/leader`).then(
      (answer) => answer.text(),
      () => '""',
    )
    if (leader.length > 2) return { agent, address }
    if (agent.exitCode !== null) throw new Error(`Consul ended with ${agent.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
