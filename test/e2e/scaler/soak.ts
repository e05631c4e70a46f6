import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '../../helpers/wait-until.ts'
import type { Cluster } from '../cluster.ts'
import { busyAt, type Note, readNotes, type Tally, tally } from './notes.ts'
import { type Platform, stackOf } from './platforms.ts'
import { random } from './random.ts'
import { startRig } from './rig.ts'
import { cyclesOf, watchGroup } from './watch-group.ts'

export interface SoakForm {
  /** How long tasks are put in, ms. */
  readonly forMs: number
  /** Length of a task, ms. */
  readonly task: readonly [min: number, max: number]
  /** Pause between two bursts, ms. */
  readonly gap: readonly [min: number, max: number]
  readonly burst: readonly [min: number, max: number]
  readonly keepAlive: string
  readonly seed: number
}

export interface SoakResult extends Tally {
  /** Largest count that Nomad had. */
  readonly highest: number
  /** How often the group went from none to all four and back to none. */
  readonly cycles: number
  /** Allocations that were told to stop while a task ran on them. */
  readonly stoppedBusy: readonly string[]
  readonly stoppedIdle: number
  readonly badEnds: readonly string[]
  readonly allocations: number
}

/** Bursts of tasks on one group of 0 to 4 workers, until every task is done and the last worker has left. */
export async function soak(cluster: Cluster, platform: Platform, form: SoakForm): Promise<SoakResult> {
  const group = platform.group
  const worker = await platform.prepare(cluster)
  const rig = await startRig({
    nomad: cluster.nomad,
    folder: join(cluster.folder, `soak-${group}`),
    stack: (redis) => stackOf(platform, worker(redis), { keep_alive: form.keepAlive, start_up: '2s' }, group),
  })
  try {
    await rig.drover(['up', group])
    const watch = watchGroup(cluster.nomad, group)
    const scaler = await rig.scaler()
    const ids: string[] = []
    const next = between(random(form.seed))
    const end = Date.now() + form.forMs
    while (Date.now() < end) {
      const size = Math.round(next(form.burst))
      const lengths = Array.from({ length: size }, () => Math.round(next(form.task)))
      ids.push(...(await platform.enqueue(rig.redis, lengths)))
      await sleep(next(form.gap))
    }
    const settleMs = 60_000 + form.task[1] * form.burst[1] * 2
    await waitUntil(
      'every task done and no worker left',
      async () => {
        const notes = await readNotes(rig.notes)
        if (tally(notes, ids).notEnded.length > 0) return undefined
        const { counts } = await watch.story()
        return counts.at(-1)?.count === 0 || undefined
      },
      { withinMs: settleMs, everyMs: 500 },
    ).catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : error}\n${scaler.log().slice(-6000)}`)
    })
    const story = await watch.stop()
    const notes = await readNotes(rig.notes)
    const busy = story.stopped.filter(({ allocation, at }) => busyAt(notes, allocation, at).length > 0)
    const counted = tally(notes, ids)
    if (counted.once !== counted.tasks)
      process.stdout.write(explain(notes, counted, scaler.log(), (one) => platform.log?.(cluster, one) ?? ''))
    return {
      ...counted,
      highest: story.highest,
      cycles: cyclesOf(story.counts, 4),
      stoppedBusy: busy.map(({ allocation }) => allocation),
      stoppedIdle: story.stopped.length - busy.length,
      badEnds: story.badEnds,
      allocations: story.allocations,
    }
  } finally {
    await rig.close()
  }
}

/** Everything known of the tasks that did not run exactly once, and of the workers that began them. */
function explain(
  notes: readonly Note[],
  { startedTwice, notEnded }: Tally,
  scalerLog: string,
  workerLog: (allocation: string) => string,
): string {
  const odd = notes.filter(({ task }) => startedTwice.includes(task) || notEnded.includes(task))
  const workers = [...new Set(odd.map(({ by }) => by))]
  const aboutThem = scalerLog
    .split('\n')
    .filter((line) => workers.some((one) => line.includes(one.slice(0, 8))))
  return [
    'tasks that did not run exactly once:',
    ...odd.map((note) => JSON.stringify({ ...note, at: new Date(note.at).toISOString() })),
    'the scaler about their workers:',
    ...aboutThem,
    ...workers.map((one) => `what ${one} said:\n${workerLog(one).slice(-8000)}`),
    '',
  ].join('\n')
}

function between(next: () => number): (range: readonly [number, number]) => number {
  return ([min, max]) => min + (max - min) * next()
}
