import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createScaler, type RunningScaler } from '../../scaler/create-scaler.ts'
import type { ScalerEvent } from '../../scaler/reports.ts'
import { createNomadActions } from '../../src/adapters/nomad/actions.ts'
import { type NomadHttp, nomadClient } from '../../src/adapters/nomad/client.ts'
import { createClusterMirror } from '../../src/adapters/nomad/cluster-mirror.ts'
import { type NomadJob, readJob, registerJob } from '../../src/adapters/nomad/jobs.ts'
import { createLockStore } from '../../src/adapters/nomad/lock-store.ts'
import {
  type NomadEmulator,
  type SimulatedRunner,
  simulatedRunner,
  startNomadEmulator,
} from '../../src/sandbox/index.ts'
import { createFakeSource, type FakeSource } from './helpers/fake-source.ts'
import { policyOf } from './helpers/world.ts'

const HEAVY = policyOf('heavy').group
const JOB = {
  ID: 'heavy',
  Name: 'heavy',
  Namespace: 'default',
  Type: 'batch',
  Datacenters: ['dc1'],
  TaskGroups: [
    {
      Name: 'heavy',
      Count: 0,
      Scaling: { Min: 0, Max: 4, Enabled: true, Policy: {} },
      ReschedulePolicy: { Attempts: 0, Unlimited: true, Delay: 30e9, DelayFunction: 'constant', Interval: 0 },
      Tasks: [{ Name: 'work', Driver: 'raw_exec', Config: { command: '/bin/true' } }],
    },
  ],
} as unknown as NomadJob

let runner: SimulatedRunner
let nomad: NomadEmulator
let source: FakeSource
let http: NomadHttp
const open: RunningScaler[] = []

beforeEach(async () => {
  runner = simulatedRunner({ startUpMs: 20 })
  nomad = await startNomadEmulator({ runner })
  http = nomadClient({ NOMAD_ADDR: nomad.address })
  source = createFakeSource()
  await registerJob(http, { job: JOB })
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((scaler) => scaler.close()))
  http.close()
  await nomad.close()
})

async function daemon(name = 'one') {
  const events: ScalerEvent[] = []
  let mirror: ReturnType<typeof createClusterMirror> | undefined
  const clock = { now: Date.now }
  const scaler = createScaler({
    clock,
    actions: createNomadActions(http, { isStopped: (group) => mirror?.group(group)?.job === 'stopped' }),
    openMirror(listener) {
      mirror = createClusterMirror(http, { clock, listener })
      return mirror
    },
    lock: createLockStore(http, 'drover/test'),
    sources: new Map([['memory', source.source]]),
    policies: { load: async () => [policyOf('heavy', { keepAliveMs: 300 })] },
    listeners: [(event) => void events.push(event)],
    settings: { name, intervalMs: 200, staleAfterMs: 15_000, dryRun: false },
  })
  open.push(scaler)
  await scaler.start()
  return { scaler, events }
}

/** Workers as a broker sees them. */
function showWorkers(busy: readonly string[] = []): void {
  source.setWorkers(
    runner
      .tasks()
      .filter(({ isRunning }) => isRunning)
      .map(({ allocation }) => ({ allocation, busy: busy.includes(allocation) ? 1 : 0, concurrency: 1 })),
  )
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let n = 0; n < 400; n++) {
    if (await holds()) return
    await sleep(25)
  }
  throw new Error(`it did not come to hold: ${what}`)
}

const count = async () => (await readJob(http, HEAVY))?.TaskGroups[0]?.Count

describe('on an emulated Nomad', () => {
  it('goes from 0 to 4 and back to 0, and stops nobody who is busy', async () => {
    const { scaler, events } = await daemon()
    source.push('heavy', { waiting: 4 })
    await until(() => runner.tasks().filter(({ isRunning }) => isRunning).length === 4, 'four run')
    source.set('heavy', { waiting: 0, active: 4 })
    const tasks = runner.tasks()
    for (const task of tasks) task.setBusy(true)
    showWorkers(tasks.map(({ allocation }) => allocation))
    await sleep(1000)
    expect(await count()).toBe(4)
    // All but the lowest are done: Nomad would have stopped the highest first.
    const [last, ...done] = tasks
    for (const task of done) task.setBusy(false)
    source.push('heavy', { active: 1 })
    showWorkers([last?.allocation as string])
    const showing = setInterval(() => showWorkers([last?.allocation as string]), 20)
    try {
      await until(async () => (await count()) === 1, 'the count is 1')
      expect(runner.tasks().map(({ allocation }) => allocation)).toEqual([last?.allocation])
      last?.setBusy(false)
      clearInterval(showing)
      source.push('heavy', { active: 0 })
      showWorkers()
      await until(async () => (await count()) === 0, 'the count is 0')
    } finally {
      clearInterval(showing)
    }
    expect(runner.killedBusy).toEqual([])
    const scales = events.filter((event) => event.kind === 'action' && event.decision.kind === 'scale')
    expect(scales.map(({ message }) => message.replace(/ after.*/, ''))[0]).toBe(
      'heavy: count 0 to 4 (grow): accepted',
    )
    expect(scaler.health()).toMatchObject({ ready: true, isLeader: true })
    const took = scales.flatMap((event) => (event.kind === 'action' ? [event.tookMs] : []))
    console.log(`push to scale accepted on the emulator: ${took[0]?.toFixed(1)} ms`)
  })

  it('notices and repairs a count that was reset by hand', async () => {
    const { events } = await daemon()
    source.push('heavy', { waiting: 2 })
    await until(() => runner.tasks().length === 2, 'two run')
    await registerJob(http, { job: JOB, preserveCounts: false })
    await until(async () => runner.tasks().length === 2 && (await count()) === 2, 'two run again')
    const lines = events.map(({ message }) => message)
    expect(lines.filter((line) => line.includes('was changed from 2 to 0, not by Drover'))).toHaveLength(1)
  })

  it('another takes over, and acts, when the leader is closed', async () => {
    const one = await daemon('one')
    const two = await daemon('two')
    expect(two.scaler.health()).toMatchObject({ isLeader: false, leader: 'one' })
    await one.scaler.pause('heavy', { by: 'ann' })
    await one.scaler.close()
    await until(() => two.scaler.health().isLeader, 'two leads')
    expect(two.scaler.group('heavy')?.paused).toMatchObject({ by: 'ann' })
    source.push('heavy', { waiting: 1 })
    await sleep(300)
    expect(await count()).toBe(0)
    await two.scaler.resume('heavy', { by: 'ann' })
    await until(async () => (await count()) === 1, 'the count is 1')
  })
})
