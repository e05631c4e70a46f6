import type { Tally } from './feeder.ts'

export interface Outcome {
  readonly tally: Tally
  /** Workers that Nomad stopped, by name: Drover lets them leave. */
  readonly stopped: readonly string[]
  /** Of each group that comes and goes. */
  readonly counts: readonly {
    readonly group: string
    readonly max: number
    readonly seen: readonly number[]
  }[]
}

/** What did not go as it should, one line each; none is the goal. */
export function faultsOf({ tally, stopped, counts }: Outcome): string[] {
  const { added, done, failed, twice } = tally
  const faults: string[] = []
  if (done !== added) faults.push(`${added - done} of ${added} tasks are not done`)
  if (failed > 0) faults.push(`${failed} tasks failed`)
  if (twice > 0) faults.push(`${twice} tasks were taken up a second time`)
  if (stopped.length > 0) faults.push(`Nomad stopped ${stopped.join(', ')}`)
  for (const { group, max, seen } of counts)
    if (!cameAndWent(seen, max)) faults.push(`${group} went ${inWords(seen)}, not 0 -> ${max} -> 0`)
  return faults
}

/** From none to the most and back to none, without growing again on the way down. */
export function cameAndWent(seen: readonly number[], max: number): boolean {
  const top = seen.indexOf(max)
  const isRising = seen.slice(0, top + 1).every((count, at, all) => at === 0 || count > (all[at - 1] ?? 0))
  const isFalling = seen.slice(top + 1).every((count, at) => count < (seen[top + at] ?? 0))
  return seen[0] === 0 && top > 0 && seen.at(-1) === 0 && isRising && isFalling
}

export function inWords(seen: readonly number[]): string {
  return seen.length === 0 ? 'nowhere' : seen.join(' -> ')
}
