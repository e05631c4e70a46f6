import type { JobView } from './job-view.ts'
import type { Verdict } from './report.ts'
import { waitsInWords } from './waits.ts'
import { oneLine, span } from './words.ts'

/** How the last run of something is that runs to its end. */
export function judgeRun(view: JobView): Verdict {
  const { live, ended, waits, unplaced, running, at } = view
  const failed = ended.find(({ clientStatus }) => clientStatus === 'failed')
  if (failed) {
    const why = failed.trouble === undefined ? '' : `: ${oneLine(failed.trouble)}`
    return { state: 'down', why: `last run failed ${span(at - failed.changedAt)} ago${why}` }
  }
  if (waits.length > 0) return { state: 'waiting', why: waitsInWords(waits, at) }
  if (unplaced !== undefined) return { state: 'down', why: unplaced }
  const trouble = live.find((one) => one.trouble !== undefined)?.trouble
  if (trouble !== undefined) return { state: 'down', why: oneLine(trouble) }
  if (live.length > 0) {
    const since = Math.min(...live.map(({ task, createdAt }) => task?.startedAt ?? createdAt))
    return running === live.length
      ? { state: 'healthy', why: `runs since ${span(at - since)}` }
      : { state: 'starting' }
  }
  const done = Math.max(...ended.map(({ changedAt }) => changedAt))
  if (Number.isFinite(done)) return { state: 'healthy', why: `last run ended well ${span(at - done)} ago` }
  return { state: 'starting', why: 'Nomad has not placed it yet' }
}

/** A batch job that is over goes from Nomad after some hours. */
export function judgeBatch(view: JobView): Verdict {
  if (view.stored === undefined)
    return { state: 'idle', why: 'not in Nomad: not registered, or over and removed since' }
  if (view.stored.isStopped) return { state: 'down', why: 'stopped in Nomad' }
  return judgeRun(view)
}

/**
 * @param parent the periodic job itself
 * @param run its last run; undefined when Nomad has none
 */
export function judgePeriodic(parent: JobView, run: JobView | undefined): Verdict {
  if (parent.stored === undefined) return { state: 'down', why: 'not registered in Nomad' }
  if (parent.stored.isStopped) return { state: 'down', why: 'stopped in Nomad' }
  if (run === undefined) return { state: 'idle', why: 'Nomad has no run of it' }
  const { state, ...why } = judgeRun(run)
  // The next run may do better.
  return { state: state === 'down' ? 'degraded' : state, ...why }
}
