import { pause } from '../pause.ts'

export interface WatchedCounts {
  /** Nomad's count of each group, every one that it has had, in order. */
  of(job: string): readonly number[]
  close(): void
}

const EVERY_MS = 200

/** Follows the counts of jobs of one group, as Nomad itself tells them. */
export function watchCounts(nomad: string, jobs: readonly string[]): WatchedCounts {
  const seen = new Map<string, number[]>(jobs.map((job) => [job, []]))
  const stop = new AbortController()
  void (async () => {
    while (!stop.signal.aborted) {
      for (const [job, counts] of seen) {
        const count = await countOf(nomad, job, stop.signal)
        if (count !== undefined && count !== counts.at(-1)) counts.push(count)
      }
      await pause(EVERY_MS, stop.signal)
    }
  })()
  return { of: (job) => seen.get(job) ?? [], close: () => stop.abort() }
}

async function countOf(nomad: string, job: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const answer = await fetch(`${nomad}/v1/job/${encodeURIComponent(job)}/scale`, { signal })
    if (!answer.ok) return undefined
    const { TaskGroups } = (await answer.json()) as { TaskGroups: Record<string, { Desired: number }> }
    return Object.values(TaskGroups)[0]?.Desired
  } catch {
    return undefined
  }
}
