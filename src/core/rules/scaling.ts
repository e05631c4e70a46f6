import type { Schedule } from '../stack/scaling.ts'
import { forEachJob, type Rule, suggest } from './rule.ts'
import type { StackView } from './view.ts'

export const scaleBounds: Rule = {
  code: 'scale-bounds',
  severity: 'error',
  silenceable: false,
  reason: 'Every count of a worker lies between its min and its max; Nomad refuses any other.',
  fix: 'make the bounds fit',
  check: forEachJob(function* ({ worker, path }) {
    if (!worker) return
    const { min, max, typical, strategies } = worker.scale
    const at = (...keys: string[]) => [...path, 'scale', ...keys]
    if (min > max) {
      yield { path: at('min'), message: `min ${min} is above max ${max}` }
      return
    }
    const range = `not between min ${min} and max ${max}`
    if (typical < min || typical > max)
      yield { path: at('typical'), message: `typical ${typical} is ${range}` }
    const count = numberIn(strategies.fixed, 'count')
    if (count !== undefined && (count < min || count > max))
      yield { path: at('strategies', 'fixed', 'count'), message: `the fixed count ${count} is ${range}` }
  }),
}

export const stepThresholds: Rule = {
  code: 'step-thresholds',
  severity: 'error',
  silenceable: false,
  reason:
    'Where one number of waiting tasks asks for more and for fewer allocations at once, the count goes up and down for ever.',
  fix: 'keep down_at below up_at',
  check: forEachJob(function* ({ worker, path }) {
    const [up, down] = ['up_at', 'down_at'].map((key) => numberIn(worker?.scale.strategies.step, key))
    if (up !== undefined && down !== undefined && down >= up)
      yield {
        path: [...path, 'scale', 'strategies', 'step', 'down_at'],
        message: `down_at ${down} is not below up_at ${up}`,
      }
  }),
}

export const unknownWorker: Rule = {
  code: 'unknown-worker',
  severity: 'error',
  silenceable: false,
  reason: 'A schedule changes the bounds of workers, by their names.',
  fix: 'name a worker of this stack',
  *check(view) {
    const names = workerNames(view)
    for (const { path, ...schedule } of schedules(view))
      for (const bound of ['min', 'max'] as const)
        for (const name of Object.keys(schedule[bound]))
          if (!names.includes(name))
            yield {
              path: [...path, bound, name],
              message: `no worker "${name}" in workers`,
              fix: suggest(name, names),
            }
  },
}

export const scheduleBounds: Rule = {
  code: 'schedule-bounds',
  severity: 'error',
  silenceable: false,
  reason:
    'A schedule narrows the bounds of a worker. Counts outside `scale` are refused by Nomad, and a bound that it does not name stays as it is.',
  fix: 'keep it between scale.min and scale.max of the worker',
  *check(view) {
    for (const { path, ...schedule } of schedules(view))
      for (const name of new Set([...Object.keys(schedule.min), ...Object.keys(schedule.max)])) {
        const scale = view.jobs.get(name)?.worker?.scale
        if (!scale) continue
        const [min, max] = [schedule.min[name], schedule.max[name]]
        for (const [bound, count] of [
          ['min', min],
          ['max', max],
        ] as const)
          if (count !== undefined && (count < scale.min || count > scale.max))
            yield {
              path: [...path, bound, name],
              message: `${bound} ${count} of ${name} is not between ${scale.min} and ${scale.max}, its bounds in scale`,
            }
        if (min !== undefined && max !== undefined && min > max)
          yield { path: [...path, 'min', name], message: `min ${min} of ${name} is above max ${max}` }
      }
  },
}

export const scheduleWindow: Rule = {
  code: 'schedule-window',
  severity: 'error',
  silenceable: false,
  reason:
    'A schedule is in force from one time of the day to another, on whole days, or whenever another schedule is not.',
  fix: 'give `from` and `to`, `weekdays`, or `otherwise`',
  *check(view) {
    for (const { path, fromMinutes: from, toMinutes: to, otherwise, weekdays } of schedules(view)) {
      if (otherwise !== undefined) {
        if (from !== undefined || to !== undefined || weekdays.length < 7)
          yield {
            path: [...path, 'otherwise'],
            message: '`otherwise` has no times of its own',
            fix: 'remove from, to and weekdays, or otherwise',
          }
      } else if ((from === undefined) !== (to === undefined))
        yield { path, message: from === undefined ? 'has `to` but no `from`' : 'has `from` but no `to`' }
      else if (from === undefined && weekdays.length === 7)
        yield { path, message: 'is always in force', fix: 'give it times, or change `scale` of the workers' }
      else if (from !== undefined && from === to)
        yield { path: [...path, 'to'], message: 'begins and ends at the same time' }
    }
  },
}

export const unknownSchedule: Rule = {
  code: 'unknown-schedule',
  severity: 'error',
  silenceable: false,
  reason: '`otherwise` is the time in which another schedule, with times of its own, is not in force.',
  fix: 'name a schedule that has times',
  *check(view) {
    const all = view.stack.scaling.schedules
    for (const { path, otherwise } of schedules(view)) {
      if (otherwise === undefined) continue
      const at = [...path, 'otherwise']
      const named = Object.hasOwn(all, otherwise) ? all[otherwise] : undefined
      const timed = Object.keys(all).filter((name) => all[name]?.otherwise === undefined)
      if (named === undefined)
        yield { path: at, message: `no schedule "${otherwise}"`, fix: suggest(otherwise, timed) }
      else if (named.otherwise !== undefined)
        yield { path: at, message: `the schedule "${otherwise}" has no times of its own` }
    }
  },
}

export const budgetWithoutPrices: Rule = {
  code: 'budget-without-prices',
  severity: 'error',
  silenceable: false,
  reason: 'A budget is compared with what the workers cost, which only the prices of the cluster tell.',
  fix: 'add cluster.prices',
  *check({ stack }) {
    if (stack.scaling.budget && !stack.cluster.prices)
      yield { path: ['scaling', 'budget'], message: 'there is a budget, but cluster.prices is missing' }
  },
}

function schedules({ stack }: StackView): readonly Schedule[] {
  return Object.values(stack.scaling.schedules)
}

function workerNames({ stack }: StackView): string[] {
  return stack.jobs.filter((job) => job.worker).map((job) => job.name)
}

/** An option of a strategy, whose options are kept as they are written. */
function numberIn(options: unknown, key: string): number | undefined {
  const value =
    typeof options === 'object' && options !== null ? (options as Record<string, unknown>)[key] : undefined
  return typeof value === 'number' ? value : undefined
}
