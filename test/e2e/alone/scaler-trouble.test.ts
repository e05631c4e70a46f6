import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nomadOnPath } from '../../helpers/nomad-agent.ts'
import { type RestartableNomad, startRestartableNomad } from '../../helpers/nomad-restartable.ts'
import { hasRedisServer } from '../../helpers/redis-server.ts'
import { unmountUnder } from '../../helpers/unmount-under.ts'
import { waitUntil } from '../../helpers/wait-until.ts'
import { callNomad, runNomad } from '../nomad-api.ts'
import { busyAt, readNotes, tally } from '../scaler/notes.ts'
import { PLATFORMS, stackOf } from '../scaler/platforms.ts'
import { random } from '../scaler/random.ts'
import { type Rig, type ScalerProcess, startRig } from '../scaler/rig.ts'
import { type GroupWatch, watchGroup } from '../scaler/watch-group.ts'

const isLong = process.env.DROVER_PROOF === 'long'
const KILLS = isLong ? 20 : 1
const OUTAGE_MS = isLong ? 60_000 : 3_000

/** Each on a Nomad of its own, which can be stopped, and with two nodes, of which one can be drained. */
describe.skipIf(nomadOnPath() === undefined || !hasRedisServer)('a scaler in trouble', () => {
  let nomad: RestartableNomad
  let rig: Rig
  let watch: GroupWatch
  let folder: string
  const ids: string[] = []
  const platform = PLATFORMS.raw_exec

  const put = async (...ms: number[]): Promise<void> => {
    ids.push(...(await platform.enqueue(rig.redis, ms)))
  }
  const count = async (): Promise<number | undefined> => (await watch.story()).counts.at(-1)?.count
  const reaches = (wanted: number, withinMs = 60_000) =>
    waitUntil(`a count of ${wanted}`, async () => ((await count()) === wanted ? true : undefined), {
      withinMs,
    })
  const allDone = (withinMs = 180_000) =>
    waitUntil(
      'every task done',
      async () => tally(await readNotes(rig.notes), ids).notEnded.length === 0 || undefined,
      { withinMs, everyMs: 250 },
    )

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-trouble-'))
    nomad = await startRestartableNomad({ folder, clients: 1 })
    const worker = await platform.prepare()
    rig = await startRig({
      nomad: nomad.address,
      folder,
      redis: { args: ['--appendonly', 'yes'] },
      stack: (redis) => {
        const stack = stackOf(platform, worker(redis), { keep_alive: '2s', start_up: '2s' })
        const broken = { ...stack.workers.heavy, queues: ['broken'], command: ['/bin/false'] }
        return { ...stack, workers: { ...stack.workers, broken } }
      },
    })
    await rig.drover(['up', 'heavy', 'broken'])
    watch = watchGroup(nomad.address, 'heavy')
  }, 120_000)

  afterAll(async () => {
    await watch?.stop()
    await rig?.close()
    await nomad?.close()
    unmountUnder(folder)
    rmSync(folder, { recursive: true, force: true })
  })

  /** Whatever happened: nobody was stopped while busy, and every task was done once. */
  async function expectNoHarm(): Promise<void> {
    const { stopped, highest, badEnds } = await watch.story()
    const notes = await readNotes(rig.notes)
    expect(stopped.filter(({ allocation, at }) => busyAt(notes, allocation, at).length > 0)).toEqual([])
    expect(badEnds).toEqual([])
    expect(highest).toBeLessThanOrEqual(4)
    const { once, tasks, startedTwice } = tally(notes, ids)
    expect(startedTwice).toEqual([])
    expect(once).toBe(tasks)
  }

  it(
    `two daemons, and the leader is killed ${KILLS} times`,
    async () => {
      const next = random(7)
      const running: ScalerProcess[] = [await rig.scaler('one'), await rig.scaler('two')]
      const tookMs: number[] = []
      let isOver = false
      const traffic = (async () => {
        while (!isOver) {
          await put(...Array.from({ length: 1 + Math.round(next() * 4) }, () => 500 + next() * 2500))
          await sleep(500 + next() * 5000)
        }
      })()
      try {
        for (let kill = 0; kill < KILLS; kill++) {
          await sleep(1000 + next() * 3000)
          const leader = await waitUntil('one leads', () => leaderOf(running))
          await leader.kill()
          const killedAt = Date.now()
          running.splice(running.indexOf(leader), 1)
          await waitUntil('another leads', () => leaderOf(running), { withinMs: 30_000 })
          tookMs.push(Date.now() - killedAt)
          running.push(await rig.scaler(`next-${kill}`))
          for (const one of running) expect(one.process.exitCode, one.log()).toBe(null)
        }
      } finally {
        isOver = true
        await traffic
      }
      await allDone()
      await reaches(0)
      await expectNoHarm()
      process.stdout.write(
        `${KILLS} leaders killed; the other led after ${Math.max(...tookMs)} ms at worst; ${ids.length} tasks\n`,
      )
      for (const one of running) {
        const { code, tookMs: stopMs } = await one.stop()
        expect(code).toBe(0)
        expect(stopMs).toBeLessThan(5000)
      }
    },
    KILLS * 60_000 + 240_000,
  )

  describe('one daemon', () => {
    let scaler: ScalerProcess

    beforeAll(async () => {
      scaler = await rig.scaler('alone')
      // Meanwhile: what is said of it takes a few restarts.
      await enqueueBroken(rig)
    })

    afterAll(async () => {
      await scaler?.stop()
    })

    it(
      'holds while Redis is gone, and goes on when it is back',
      async () => {
        await put(1000, 1000, 3000)
        await reaches(3)
        await allDone()
        await reaches(0)
        await rig.redis.stop()
        await sleep(OUTAGE_MS)
        await rig.redis.start()
        await put(500, 500)
        await allDone()
        await reaches(0)
        await expectNoHarm()
        expect(scaler.log()).toMatch(/Redis|redis|queues/)
      },
      OUTAGE_MS + 120_000,
    )

    it(
      'survives a restart of Nomad, and one of both',
      async () => {
        await put(4000, 4000)
        await reaches(2)
        await nomad.stop()
        await sleep(OUTAGE_MS / 2)
        await nomad.start()
        await put(1000, 1000, 1000, 1000)
        await allDone()
        await reaches(0)
        await Promise.all([nomad.stop(), rig.redis.stop()])
        await sleep(OUTAGE_MS / 2)
        await Promise.all([nomad.start(), rig.redis.start()])
        await put(500, 500)
        await allDone()
        await reaches(0)
        await expectNoHarm()
      },
      OUTAGE_MS + 240_000,
    )

    it('moves on when a node is drained', async () => {
      await put(3000, 3000, 3000, 3000)
      await reaches(4)
      const nodes = await callNomad<{ ID: string; Name: string }[]>(nomad.address, 'nodes')
      const node = nodes.find(({ Name }) => Name === 'n1')?.ID ?? ''
      // Without a deadline: Nomad leaves what a batch job runs there until it ends.
      await callNomad(nomad.address, `node/${node}/drain`, {
        DrainSpec: { Deadline: 0 },
        MarkEligible: false,
      })
      await allDone()
      await reaches(0)
      await put(500, 500)
      await allDone()
      await reaches(0)
      await callNomad(nomad.address, `node/${node}/drain`, { DrainSpec: null, MarkEligible: true })
      await expectNoHarm()
    })

    it('has said that a worker crashes again and again, and gone on with the others', async () => {
      await waitUntil(
        'it was said',
        async () => /broken.*(fail|crash|restart)/i.test(scaler.log()) || undefined,
        {
          withinMs: 60_000,
        },
      )
      await put(500, 500)
      await allDone()
      await reaches(0)
      await expectNoHarm()
    })

    it('repairs the count that a plain `nomad job run` has reset, and says so', async () => {
      await put(6000, 6000)
      await reaches(2)
      await waitUntil('both run', async () =>
        tally(await readNotes(rig.notes), ids).notEnded.length === 2 ? true : undefined,
      )
      const hcl = await rig.drover(['render', '--stdout', '--job', 'heavy'])
      const { code, output } = await runNomad(nomad.address, ['job', 'run', '-detach', '-'], hcl)
      expect(code, output).toBe(0)
      await reaches(0)
      await put(500)
      await waitUntil('it is repaired', async () => ((await count()) ?? 0) > 0 || undefined)
      // Nomad, not Drover, has told both to stop; their kill timeout is longer than the longest task.
      await allDone()
      await reaches(0)
      expect(scaler.log()).toMatch(/heavy.*count.*2.*0/)
    })
  })
})

async function leaderOf(scalers: readonly ScalerProcess[]): Promise<ScalerProcess | undefined> {
  for (const one of scalers) {
    const text = await (await fetch(`${one.address}/metrics`)).text()
    if (/^drover_leader 1$/m.test(text)) return one
  }
  return undefined
}

/** Its only worker ends at once with exit code 1, again and again. */
async function enqueueBroken({ redis }: Rig): Promise<void> {
  const queue = new Queue('broken', { connection: { host: '127.0.0.1', port: redis.port } })
  await queue.add('never', {})
  await queue.close()
}
