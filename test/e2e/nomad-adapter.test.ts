import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createNomadActions } from '../../src/adapters/nomad/actions.ts'
import { type NomadHttp, nomadClient } from '../../src/adapters/nomad/client.ts'
import { createClusterMirror } from '../../src/adapters/nomad/cluster-mirror.ts'
import { listVersions, type NomadJob, parseJob, readJob, registerJob } from '../../src/adapters/nomad/jobs.ts'
import { createLockStore } from '../../src/adapters/nomad/lock-store.ts'
import type { AllocationState } from '../../src/core/scaling/group.ts'
import type { ActionAnswer, ClusterEvent, ClusterMirror, NomadActions } from '../../src/ports.ts'
import { stopJobs } from '../helpers/stop-jobs.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { callNomad } from './nomad-api.ts'
import { useCluster } from './use-cluster.ts'

const cluster = useCluster()
const JOB = 'adapter_worker'
const REF = { namespace: 'default', job: JOB, group: JOB }

const HCL = `job "${JOB}" {
  type = "batch"
  group "${JOB}" {
    count = 1
    scaling {
      min = 0
      max = 5
      policy {
        drover {
          queues = ["a"]
        }
      }
    }
    restart {
      attempts = 0
      mode     = "fail"
    }
    reschedule {
      attempts       = 0
      interval       = "0s"
      delay          = "30s"
      delay_function = "constant"
      unlimited      = true
    }
    task "sleep" {
      driver = "raw_exec"
      config {
        command = "/bin/sh"
        args    = ["-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done"]
      }
      resources {
        cpu    = 20
        memory = 20
      }
    }
  }
}`

describe.skipIf(!cluster.available)('the adapter on a real Nomad', () => {
  const { nomad } = cluster
  let http: NomadHttp
  let mirror: ClusterMirror
  let actions: NomadActions
  let job: NomadJob
  const events: { readonly at: number; readonly event: ClusterEvent }[] = []

  beforeAll(async () => {
    http = nomadClient({ NOMAD_ADDR: nomad })
    job = await parseJob(http, HCL)
    actions = createNomadActions(http, { rendered: async ({ job: id }) => (id === JOB ? job : undefined) })
    mirror = createClusterMirror(http, {
      clock: { now: Date.now },
      listener: (event) => events.push({ at: performance.now(), event }),
    })
    await waitUntil('the mirror is ready', async () => (mirror.state().status === 'ready' ? true : undefined))
    await registerJob(http, { job, enforceIndex: 0 })
    await settled(1)
  })

  afterAll(async () => {
    await mirror?.close()
    await stopJobs(nomad)
    http?.close()
  })

  /** Ids of those that run and are to go on. */
  function working(): string[] {
    const isWorking = ({ clientStatus, desiredStatus, startedAt }: AllocationState) =>
      clientStatus === 'running' && desiredStatus === 'run' && startedAt !== undefined
    return (mirror.group(REF)?.allocations ?? []).filter(isWorking).map(({ id }) => id)
  }

  /** Until the mirror shows this count, and so many that work. */
  function settled(count: number) {
    return waitUntil(
      `${count} work`,
      async () => {
        const group = mirror.group(REF)
        return group?.count === count && working().length === count ? group : undefined
      },
      { everyMs: 10 },
    )
  }

  function scaleTo(count: number, jobModifyIndex: number, on = actions): Promise<ActionAnswer> {
    return on.scale({ group: REF, count, jobModifyIndex, message: 'test', meta: { waiting: 3 } })
  }

  const index = () => mirror.group(REF)?.jobModifyIndex ?? 0

  it('sees the job as it is', async () => {
    expect(await settled(1)).toMatchObject({ job: 'present', jobType: 'batch', deploymentActive: false })
    expect(mirror.taskOf(REF)).toBe('sleep')
    const [scalable] = mirror.scalable().filter(({ group }) => group.job === JOB)
    expect(scalable).toMatchObject({ min: 0, max: 5, policy: { drover: [{ queues: ['a'] }] } })
  })

  it('scales up by compare-and-set, and hears of it at once', async () => {
    const took: number[] = []
    for (const count of [2, 3, 2, 3, 2, 3, 2, 3]) {
      const sent = performance.now()
      const answer = await scaleTo(count, index())
      expect(answer).toMatchObject({ ok: true, attempts: 1 })
      await waitUntil('the count', async () => (mirror.group(REF)?.count === count ? true : undefined), {
        everyMs: 1,
      })
      const heard = events.find(({ at, event }) => at > sent && event.kind === 'group')
      took.push((heard?.at ?? Number.NaN) - sent)
      if (answer.ok) expect(index()).toBe(answer.jobModifyIndex)
    }
    const sorted = took.sort((a, b) => a - b)
    process.stdout.write(
      `scale sent to event heard: median ${sorted[4]?.toFixed(1)} ms, most ${sorted[7]?.toFixed(1)} ms\n`,
    )
    await settled(3)
  })

  it.each([
    ['out-of-bounds', { count: 99 }],
    ['invalid', { count: -1 }],
    ['group-missing', { group: { ...REF, group: 'nobody' } }],
    ['job-missing', { group: { ...REF, job: 'nobody' } }],
    ['job-missing', { group: { ...REF, namespace: 'nowhere' } }],
    ['stale-index', { jobModifyIndex: 1 }],
  ])('is refused: %s', async (refusal, change) => {
    const before = index()
    const request = { group: REF, count: 2, jobModifyIndex: before, message: 'test', ...change }
    expect(await actions.scale(request)).toMatchObject({ ok: false, refusal, mayBeDone: false, attempts: 1 })
    expect(index()).toBe(before)
  })

  it('applies one of two scales from the same index', async () => {
    const at = index()
    const answers = await Promise.all([scaleTo(4, at), scaleTo(5, at)])
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ refusal: 'stale-index' })
    await settled(answers[0]?.ok ? 4 : 5)
  })

  it('applies a scale once, and knows that it did, when the answer is lost', async () => {
    const before = (await listVersions(http, REF))[0]?.version ?? 0
    const proxy = await losingProxy(nomad)
    const lossy = nomadClient({ NOMAD_ADDR: proxy.address })
    const answer = await scaleTo(3, index(), createNomadActions(lossy))
    lossy.close()
    await proxy.close()
    expect(answer).toMatchObject({ ok: true, attempts: 2 })
    await settled(3)
    expect((await listVersions(http, REF))[0]?.version).toBe(before + 1)
    if (answer.ok) expect(index()).toBe(answer.jobModifyIndex)
  })

  it('follows a worker that retires: nobody else is stopped', async () => {
    await settled(3)
    const [first = '', ...others] = working()
    const sent = performance.now()
    expect(await actions.retire(first, 'sleep')).toEqual({ ok: true, attempts: 1 })
    await waitUntil(
      'it is complete',
      async () =>
        mirror
          .group(REF)
          ?.allocations.some(({ id, clientStatus }) => id === first && clientStatus === 'complete') ||
        undefined,
      { everyMs: 2 },
    )
    process.stdout.write(`SIGTERM to complete heard: ${(performance.now() - sent).toFixed(0)} ms\n`)
    expect(await actions.retire(first, 'sleep')).toMatchObject({ refusal: 'task-not-running' })
    expect(await scaleTo(2, index())).toMatchObject({ ok: true })
    await settled(2)
    expect(working().sort()).toEqual(others.sort())
  })

  it('keeps a deploy within reach, and Nomad forgets the scales after it', async () => {
    const [present] = await listVersions(http, REF)
    const version = present?.version ?? 0
    expect(await actions.tagVersion(REF, version, `drover-v${version}`, 'test')).toMatchObject({ ok: false })
    expect(await scaleTo(3, index())).toMatchObject({ ok: true })
    expect(await actions.tagVersion(REF, version, `drover-v${version}`, 'test')).toMatchObject({ ok: true })
    await settled(3)
    for (const count of [2, 3, 2, 3, 2, 3, 2, 3]) {
      expect(await scaleTo(count, index())).toMatchObject({ ok: true })
      await settled(count)
    }
    const kept = await listVersions(http, REF)
    expect(kept.filter(({ tag }) => tag).map((one) => one.version)).toEqual([version])
    expect(kept.length).toBeLessThanOrEqual(7)
  })

  it('keeps the live count when registering', async () => {
    const changed = { ...job, Meta: { changed: 'yes' } }
    const answer = await registerJob(http, { job: changed, enforceIndex: index() })
    expect(answer.jobModifyIndex).toBeGreaterThan(0)
    await waitUntil('it is heard of', async () => (index() === answer.jobModifyIndex ? true : undefined))
    expect(mirror.group(REF)?.count).toBe(3)
  })

  it('revives a job that was collected, never one that is there', async () => {
    expect(await actions.revive(REF, 2)).toMatchObject({ ok: false, refusal: 'stale-index' })
    for (const { tag } of await listVersions(http, REF))
      if (tag) await fetch(`${nomad}/v1/job/${JOB}/versions/${tag}/tag`, { method: 'DELETE' })
    expect(await scaleTo(0, index())).toMatchObject({ ok: true })
    await waitUntil('it is collected', async () => {
      await callNomad(nomad, 'system/gc', {}).catch(() => {})
      return (await readJob(http, REF)) === undefined ? true : undefined
    })
    await waitUntil('that is heard of', async () => (mirror.group(REF) === undefined ? true : undefined))
    expect(await scaleTo(1, 1)).toMatchObject({ ok: false, refusal: 'job-missing' })
    expect(await actions.revive({ ...REF, job: 'nobody' }, 1)).toMatchObject({ refusal: 'job-missing' })
    expect(await actions.revive(REF, 2)).toMatchObject({ ok: true })
    await settled(2)
  })

  it('knows of a stopped job, and does not revive it', async () => {
    await fetch(`${nomad}/v1/job/${JOB}`, { method: 'DELETE' })
    await waitUntil('it is stopped', async () => (mirror.group(REF)?.job === 'stopped' ? true : undefined))
    expect(await actions.revive(REF, 1)).toMatchObject({ ok: false, refusal: 'job-stopped' })
    const guarded = createNomadActions(http, { isStopped: (ref) => mirror.group(ref)?.job === 'stopped' })
    expect(await scaleTo(1, index(), guarded)).toMatchObject({
      ok: false,
      refusal: 'job-stopped',
      attempts: 0,
    })
  })

  it('holds a lock that no other can take or write, until it is released', async () => {
    const path = `drover/test/${randomUUID()}`
    const [mine, other] = [1, 2].map(() => createLockStore(http, path))
    if (!mine || !other) throw new Error('no stores')
    expect(await other.read()).toEqual({ ok: true, items: {}, isHeld: false })
    const taken = await mine.acquire({ a: '1' })
    const lock = taken.ok ? taken.lock : ''
    expect(taken).toMatchObject({ ok: true })
    expect(await mine.acquire({ a: '2' })).toEqual({ ok: true, lock })
    expect(await other.acquire({ a: '3' })).toMatchObject({ ok: false, reason: 'held' })
    expect(await other.write('00000000-0000-0000-0000-000000000000', {})).toMatchObject({ reason: 'lost' })
    expect(await mine.renew(lock)).toEqual({ ok: true, lock })
    expect(await mine.write(lock, { a: '4' })).toEqual({ ok: true, lock })
    expect(await other.read()).toEqual({ ok: true, items: { a: '4' }, isHeld: true })
    expect(await mine.release(lock)).toEqual({ ok: true, lock })
    expect(await mine.write(lock, { a: '5' })).toMatchObject({ ok: false, reason: 'lost' })
    expect(await mine.renew(lock)).toMatchObject({ ok: false, reason: 'lost' })
    expect(await other.read()).toEqual({ ok: true, items: { a: '4' }, isHeld: false })
    const next = await other.acquire({ a: '6' })
    expect(next).toMatchObject({ ok: true })
    expect(await mine.write(lock, { a: '7' })).toMatchObject({ ok: false, reason: 'lost' })
    if (next.ok) await other.release(next.lock)
  })
})

/** Passes everything on to Nomad; the answer to the first PUT is lost on the way. */
async function losingProxy(target: string): Promise<{ address: string; close(): Promise<void> }> {
  let isLost = false
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const method = request.method ?? 'GET'
    const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}
    const answer = await fetch(`${target}${request.url}`, { method, ...body })
    const text = await answer.text()
    if (method === 'PUT' && !isLost) {
      isLost = true
      response.destroy()
    } else response.writeHead(answer.status).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
