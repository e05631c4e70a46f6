import { describe } from 'vitest'
import { type RuleCase, testCases } from '../../helpers/rule-cases.ts'

const withScale = (scale: string) => `workers: {w: {image: "x:1", queues: [q], scale: {${scale}}}}`
const withSchedules = (schedules: string) =>
  `scaling: {schedules: {${schedules}}}\n${withScale('min: 1, max: 4')}`
const HOURS = 'from: "09:00", to: "18:00"'

const CASES: RuleCase[] = [
  [
    'min above max',
    'scale-bounds',
    withScale('min: 2, max: 1'),
    ['workers.w.scale.min: min 2 is above max 1'],
  ],
  [
    'counts outside',
    'scale-bounds',
    withScale('min: 1, max: 4, typical: 5, strategies: {fixed: {count: 0}}'),
    [
      'workers.w.scale.typical: typical 5 is not between min 1 and max 4',
      'workers.w.scale.strategies.fixed.count: the fixed count 0 is not between min 1 and max 4',
    ],
  ],
  [
    'counts at the bounds',
    'scale-bounds',
    withScale('min: 1, max: 4, typical: 4, strategies: {fixed: {count: 1}}'),
    [],
  ],
  [
    'thresholds that meet',
    'step-thresholds',
    withScale('max: 4, strategies: {step: {up_at: 5, down_at: 5, cooldown: 3m}}'),
    ['workers.w.scale.strategies.step.down_at: down_at 5 is not below up_at 5'],
  ],
  [
    'thresholds apart',
    'step-thresholds',
    withScale('max: 4, strategies: {step: {up_at: 5, down_at: 4, cooldown: 3m}}'),
    [],
  ],
  [
    'workers that do not exist, and services',
    'unknown-worker',
    `services: {s: {image: "x:1"}}\n${withSchedules(`a: {${HOURS}, min: {w: 2, v: 1}, max: {s: 1}}`)}`,
    [
      'scaling.schedules.a.min.v: no worker "v" in workers',
      'scaling.schedules.a.max.s: no worker "s" in workers',
    ],
  ],
  [
    'bounds outside those of the worker',
    'schedule-bounds',
    withSchedules(`a: {${HOURS}, min: {w: 0}, max: {w: 5}}, b: {${HOURS}, min: {w: 3}, max: {w: 2}}`),
    [
      'scaling.schedules.a.min.w: min 0 of w is not between 1 and 4, its bounds in scale',
      'scaling.schedules.a.max.w: max 5 of w is not between 1 and 4, its bounds in scale',
      'scaling.schedules.b.min.w: min 3 of w is above max 2',
    ],
  ],
  [
    'bounds inside',
    'schedule-bounds',
    withSchedules(`a: {${HOURS}, min: {w: 4}}, b: {otherwise: a, max: {w: 1}}`),
    [],
  ],
  [
    'windows without an end or a sense',
    'schedule-window',
    withSchedules(
      `a: {from: "09:00"}, b: {to: "09:00"}, c: {}, d: {from: "09:00", to: "09:00"}, e: {otherwise: f, from: "09:00", to: "10:00"}, f: {${HOURS}}`,
    ),
    [
      'scaling.schedules.a: has `from` but no `to`',
      'scaling.schedules.b: has `to` but no `from`',
      'scaling.schedules.c: is always in force',
      'scaling.schedules.d.to: begins and ends at the same time',
      'scaling.schedules.e.otherwise: `otherwise` has no times of its own',
    ],
  ],
  [
    'windows: hours, over midnight, whole days, the rest',
    'schedule-window',
    withSchedules(
      `a: {${HOURS}}, b: {from: "22:00", to: "06:00"}, c: {weekdays: [6, 7]}, d: {otherwise: c}, e: {from: "00:00", to: "24:00", weekdays: [1]}`,
    ),
    [],
  ],
  [
    'the rest of nothing',
    'unknown-schedule',
    withSchedules(`office: {${HOURS}}, b: {otherwise: offise}, c: {otherwise: b}, d: {otherwise: d}`),
    [
      'scaling.schedules.b.otherwise: no schedule "offise"',
      'scaling.schedules.c.otherwise: the schedule "b" has no times of its own',
      'scaling.schedules.d.otherwise: the schedule "d" has no times of its own',
    ],
  ],
  [
    'the rest of something',
    'unknown-schedule',
    withSchedules(`office: {${HOURS}}, b: {otherwise: office}`),
    [],
  ],
  [
    'a budget of nothing',
    'budget-without-prices',
    'scaling: {budget: {max_per_hour: 5}}',
    ['scaling.budget: there is a budget, but cluster.prices is missing'],
  ],
  [
    'a budget',
    'budget-without-prices',
    'cluster: {prices: {core_hour: 0.04, gb_hour: 0.005}}\nscaling: {budget: {max_per_hour: 5}}',
    [],
  ],
]

describe('rules on scaling', () => testCases(CASES))
