import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RedisServer, startRedisServer } from '../helpers/redis-server.ts'
import { runCli } from '../helpers/run-cli.ts'
import { stopJobs } from '../helpers/stop-jobs.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { type Allocation, callNomad } from './nomad-api.ts'
import { createVolumes } from './prepare.ts'
import { renderReference } from './reference.ts'
import { useCluster } from './use-cluster.ts'

const cluster = useCluster()
const PROGRAM = join(import.meta.dirname, 'programs/worker.mjs')
const SLEEP = 'driver: raw_exec, command: [/bin/sleep, "100000"], resources: { cpu: 0.1, memory: 32MB }'

interface StackParts {
  readonly apiPriority?: number
  readonly max?: number
  readonly workerMark?: string
  readonly broken?: boolean
  readonly redis: string
}

/** Jobs whose order in the file is not that in which they need each other. */
function stackOf({ apiPriority = 50, max = 3, workerMark = 'a', broken = false, redis }: StackParts): string {
  return `name: shop
cluster: { max_kill_timeout: 60s }
silence: { no-check: These are tests. }
services:
  web: { ${SLEEP}, depends_on: { api: started } }
  api: { ${SLEEP}, priority: ${apiPriority}, depends_on: { db: started }, ports: { main: { container: 23451 } } }
  db: { ${SLEEP}, ports: { main: { container: 23452 } } }
workers:
  sleeper:
    driver: raw_exec
    command: ["${process.execPath}", "${PROGRAM}"]
    queues: [sleep]
    scale: { min: 0, max: ${max} }
    env: { REDIS_URL: "${redis}", MARK: ${workerMark} }
    resources: { cpu: 0.1, memory: 128MB }
    ${broken ? 'x-nomad: { group: { sleeper: { restart: { attempts: 50, interval: 5s, delay: 5s } } } }' : ''}
broker: { software: bullmq, service: db }
`
}

describe.skipIf(!cluster.available)('drover up on a real Nomad', () => {
  const { nomad } = cluster
  let redis: RedisServer
  let queue: Queue
  let folder = ''

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-up-'))
    redis = await startRedisServer()
    queue = new Queue('sleep', { connection: { host: '127.0.0.1', port: redis.port } })
  })

  afterAll(async () => {
    await queue?.close()
    if (cluster.available) await stopJobs(nomad)
    await redis?.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  const env = (): Record<string, string> => ({ NOMAD_ADDR: nomad, DROVER_REDIS_URL: redis.url })
  const write = (parts: Omit<StackParts, 'redis'> = {}): void =>
    writeFileSync(join(folder, 'stack.yml'), stackOf({ ...parts, redis: redis.url }))

  /** Exit code, what became of each job in order, and stderr. */
  async function up(line = '', more: Record<string, string> = {}) {
    const words = ['up', '--json', ...line.split(' ').filter(Boolean)]
    const { code, stdout, stderr } = await runCli(words, { cwd: folder, env: { ...env(), ...more } })
    const jobs = (stdout ? JSON.parse(stdout).jobs : []) as Outcome[]
    return { code, stderr, jobs, results: jobs.map(({ job, result }) => `${job} ${result}`) }
  }

  it('registers in order, and finds everything unchanged the second time', async () => {
    write()
    const first = await up()
    expect([first.code, first.results]).toEqual([
      0,
      ['db registered', 'api registered', 'web registered', 'sleeper registered'],
    ])
    expect(await createdInOrder(['db', 'api', 'web', 'sleeper'])).toBe(true)
    const second = await up()
    expect([second.code, second.results]).toEqual([
      0,
      ['db unchanged', 'api unchanged', 'web unchanged', 'sleeper unchanged'],
    ])
    expect((await up('--dry-run')).code).toBe(0)
    expect((await job('sleeper')).Version).toBe(0)
  })

  it('keeps the count of a scaled group over a change, and leaves its workers alone', async () => {
    await scale(2)
    const before = await runningWorkers(2)
    write({ max: 4, apiPriority: 60 })
    const { code, results, jobs } = await up()
    expect([code, results]).toEqual([
      0,
      ['db unchanged', 'api registered', 'web unchanged', 'sleeper registered'],
    ])
    expect(jobs[3]).toMatchObject({ change: 'update', differences: ['group sleeper, Scaling: Max 3 → 4'] })
    expect((await job('sleeper')).TaskGroups[0]).toMatchObject({ Count: 2, Scaling: { Max: 4 } })
    expect(await runningWorkers(2)).toEqual(before)
  })

  it('keeps the version before within reach, however often the group is scaled', async () => {
    const { Version } = await job('sleeper')
    for (let times = 0; times < 8; times++) await scale(2)
    const { Versions } = await callNomad<{
      Versions: { Version: number; VersionTag: { Name: string } | null }[]
    }>(nomad, 'job/sleeper/versions')
    expect(Versions.filter(({ VersionTag }) => VersionTag)).toMatchObject([
      { Version: Version - 1, VersionTag: { Name: `drover-v${Version - 1}` } },
    ])
    // Six without a tag, as without Drover: what is kept does not grow with the scales.
    expect(Versions).toHaveLength(7)
    expect((await up('--dry-run')).code).toBe(0)
  })

  it('refuses to replace busy workers, replaces idle ones, and busy ones with --now', async () => {
    const workers = await runningWorkers(2)
    await queue.addBulk([4000, 4000].map((ms) => ({ name: 'sleep', data: { ms } })))
    await waitUntil('both are busy', async () => ((await queue.getActiveCount()) === 2 ? true : undefined))
    write({ max: 4, apiPriority: 60, workerMark: 'b' })
    const busy = await up()
    expect([busy.code, busy.results[3], busy.jobs[3]?.reason]).toEqual([
      6,
      'sleeper refused',
      '2 of 2 workers are busy',
    ])
    expect(await runningWorkers(2)).toEqual(workers)

    const blind = await up('--dry-run', { DROVER_REDIS_URL: 'redis://127.0.0.1:1' })
    expect([blind.code, blind.results[3]]).toEqual([7, 'sleeper refused'])
    expect(blind.jobs[3]?.reason).toMatch(/^2 of 2 workers may be busy: /)

    await waitUntil('they are done', async () => ((await queue.getActiveCount()) === 0 ? true : undefined))
    const idle = await waitUntil('they are known to be idle', async () => {
      const answer = await up('sleeper')
      return answer.code === 0 ? answer : undefined
    })
    expect(idle.jobs).toMatchObject([
      { result: 'registered', change: 'replace', allocations: { replace: 2 } },
    ])
    const others = await runningWorkers(2)
    expect(others.filter((id) => workers.includes(id))).toEqual([])

    await queue.addBulk([6000, 6000].map((ms) => ({ name: 'sleep', data: { ms } })))
    await waitUntil('both are busy', async () => ((await queue.getActiveCount()) === 2 ? true : undefined))
    write({ max: 4, apiPriority: 60, workerMark: 'c' })
    expect((await up()).code).toBe(6)
    expect((await up('sleeper --now')).results).toEqual(['sleeper registered'])
    await waitUntil('others run', async () => {
      const now = await runningWorkers(2)
      return now.some((id) => others.includes(id)) ? undefined : now
    })
  })

  it('sees a spread, which is not in the diff of Nomad', async () => {
    await up('db')
    const file = join(folder, 'stack.yml')
    const spread = `db: { spread: [{ attribute: "\${node.datacenter}", weight: 50 }], ${SLEEP}`
    writeFileSync(file, readFileSync(file, 'utf8').replace(`db: { ${SLEEP}`, spread))
    const { jobs, results } = await up('db')
    expect([results, jobs[0]?.differences]).toEqual([['db registered'], ['Spreads differ']])
    expect((await up('db')).results).toEqual(['db unchanged'])
  })

  it('registers nothing when Nomad refuses one of the jobs', async () => {
    write({ apiPriority: 70, broken: true })
    const { code, stderr, jobs } = await up()
    expect([code, jobs]).toEqual([6, []])
    expect(stderr).toMatch(/Nomad does not take a job; nothing was registered/)
    expect(stderr).toMatch(/sleeper/)
    expect((await job('api')).Priority).toBe(60)
  })

  it('plans the whole reference stack', async () => {
    await createVolumes(cluster, (await renderReference()).volumes)
    const words = ['up', '--dry-run', '--json']
    const { code, stdout, stderr } = await runCli(words, {
      cwd: join(import.meta.dirname, '../..'),
      env: env(),
    })
    expect(code).toBe(7)
    const { jobs } = JSON.parse(stdout) as { jobs: Outcome[] }
    expect(jobs.length).toBeGreaterThan(20)
    // This test's own `api` may still be there, under the name of one of them.
    const ours = jobs.filter(({ change }) => change !== 'new').map(({ job }) => job)
    expect(ours.filter((name) => name !== 'api')).toEqual([])
    expect(new Set(jobs.map(({ result }) => result))).toEqual(new Set(['would register']))
    expect(stderr).not.toMatch(/error/)
  })

  interface Outcome {
    readonly job: string
    readonly result: string
    readonly change: string
    readonly reason?: string
    readonly differences: readonly string[]
  }

  interface StoredJob {
    readonly Version: number
    readonly Priority: number
    readonly CreateIndex: number
    readonly TaskGroups: readonly object[]
  }

  function job(name: string): Promise<StoredJob> {
    return callNomad(nomad, `job/${name}`)
  }

  async function createdInOrder(names: readonly string[]): Promise<boolean> {
    const indexes = await Promise.all(names.map(async (name) => (await job(name)).CreateIndex))
    return indexes.every((index, at) => at === 0 || index > (indexes[at - 1] ?? 0))
  }

  async function scale(Count: number): Promise<void> {
    await callNomad(nomad, 'job/sleeper/scale', { Count, Target: { Group: 'sleeper' } })
  }

  /** Ids of the workers, once so many run and have told that they are there. */
  async function runningWorkers(count: number): Promise<string[]> {
    return waitUntil(`${count} workers run`, async () => {
      const all = await callNomad<(Allocation & { DesiredStatus: string })[]>(
        nomad,
        'job/sleeper/allocations',
      )
      const running = all.filter((one) => one.ClientStatus === 'running' && one.DesiredStatus === 'run')
      const listed = await queue.getWorkers()
      const ids = running.map(({ ID }) => ID).sort()
      const isThere = (id: string): boolean => listed.some(({ rawname }) => rawname?.includes(id))
      return ids.length === count && ids.every(isThere) ? ids : undefined
    })
  }
})
