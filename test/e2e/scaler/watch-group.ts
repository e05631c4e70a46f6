import { setTimeout as sleep } from 'node:timers/promises'
import { callNomad } from '../nomad-api.ts'

interface WatchedAllocation {
  readonly ID: string
  readonly Name: string
  readonly ClientStatus: string
  readonly DesiredStatus: string
  readonly TaskStates: Readonly<
    Record<
      string,
      {
        readonly Failed: boolean
        readonly Events: readonly { readonly Type: string; readonly ExitCode: number }[]
      }
    >
  > | null
}

export interface GroupStory {
  /** Every change of Nomad's count, as it was seen. */
  readonly counts: readonly { readonly at: number; readonly count: number }[]
  readonly highest: number
  /** Allocations that Nomad was told to stop while they ran, with when that was seen. */
  readonly stopped: readonly { readonly allocation: string; readonly at: number }[]
  readonly allocations: number
  /** Allocations that ended otherwise than by themselves with exit code 0. */
  readonly badEnds: readonly string[]
}

export interface GroupWatch {
  story(): Promise<GroupStory>
  stop(): Promise<GroupStory>
}

/** Looks at a group of the same name as its job all the time; what Nomad does not answer is not seen. */
export function watchGroup(nomad: string, job: string, everyMs = 100): GroupWatch {
  const counts: { at: number; count: number }[] = []
  const stopped = new Map<string, number>()
  const last = new Map<string, WatchedAllocation>()
  let isOver = false
  const look = async (): Promise<void> => {
    const [scale, allocations] = await Promise.all([
      callNomad<{ TaskGroups: Record<string, { Desired: number }> }>(nomad, `job/${job}/scale`),
      callNomad<WatchedAllocation[]>(nomad, `job/${job}/allocations?all=true`),
    ])
    const at = Date.now()
    const count = scale.TaskGroups[job]?.Desired ?? 0
    if (counts.at(-1)?.count !== count) counts.push({ at, count })
    for (const one of allocations) {
      if (one.DesiredStatus !== 'run' && one.ClientStatus === 'running' && !stopped.has(one.ID))
        stopped.set(one.ID, at)
      last.set(one.ID, one)
    }
  }
  const loop = (async () => {
    while (!isOver) {
      await look().catch(() => undefined)
      await sleep(everyMs)
    }
  })()
  const story = async (): Promise<GroupStory> => {
    await look().catch(() => undefined)
    return {
      counts,
      highest: Math.max(0, ...counts.map(({ count }) => count)),
      stopped: [...stopped].map(([allocation, at]) => ({ allocation, at })),
      allocations: last.size,
      badEnds: [...last.values()].flatMap(badEnd),
    }
  }
  return {
    story,
    async stop() {
      const end = await story()
      isOver = true
      await loop
      return end
    },
  }
}

function badEnd({ ID, ClientStatus, TaskStates }: WatchedAllocation): string[] {
  if (ClientStatus === 'running' || ClientStatus === 'pending') return []
  if (ClientStatus !== 'complete') return [`${ID} ${ClientStatus}`]
  return Object.values(TaskStates ?? {}).flatMap(({ Failed, Events }) => {
    const killed = Events.some(({ Type }) => Type === 'Killing' || Type === 'Killed')
    const code = Events.findLast(({ Type }) => Type === 'Terminated')?.ExitCode ?? 0
    return Failed || killed || code !== 0 ? [`${ID} ${killed ? 'killed' : `exit code ${code}`}`] : []
  })
}

/** How often the count went from 0 to `top` and back to 0. */
export function cyclesOf(counts: GroupStory['counts'], top: number): number {
  let cycles = 0
  let hasBeenUp = false
  for (const { count } of counts) {
    if (count === top) hasBeenUp = true
    if (count === 0 && hasBeenUp) {
      cycles++
      hasBeenUp = false
    }
  }
  return cycles
}
