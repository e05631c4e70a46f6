import { describe } from 'vitest'
import { type RuleCase, testCases } from '../../helpers/rule-cases.ts'

const one = (fields: string) => `services: {a: {image: "x:1", ${fields}}}`

const CASES: RuleCase[] = [
  [
    'restart numbers that cannot be',
    'restart-impossible',
    one(
      'restart: {attempts: 3, interval: 4s, delay: 2s, mode: fail}, sidecars: {s: {image: "x:1", restart: {attempts: 0, interval: 5s, delay: 1s, mode: delay}}}',
    ),
    [
      'services.a.restart.interval: the interval of 4s is below 5s',
      'services.a.restart.attempts: 3 restarts with a delay of 2s do not fit into 4s',
      'services.a.sidecars.s.restart.mode: no attempts leave nothing to delay',
    ],
  ],
  [
    'restart numbers that just fit',
    'restart-impossible',
    one(
      'restart: {attempts: 5, interval: 5s, delay: 1s, mode: delay}, sidecars: {s: {image: "x:1", restart: {attempts: 0, interval: 5s, delay: 15s, mode: fail}}}',
    ),
    [],
  ],
  [
    'deadlines in another order',
    'deadline-order',
    one('update: {min_healthy_time: 5m, healthy_deadline: 5m, progress_deadline: 5m}'),
    [
      'services.a.update.min_healthy_time: min_healthy_time of 5m is not below healthy_deadline of 5m',
      'services.a.update.healthy_deadline: healthy_deadline of 5m is not below progress_deadline of 5m',
    ],
  ],
  ['no progress deadline', 'deadline-order', one('update: {progress_deadline: 0s}'), []],
  [
    'defaults that adapt to slow checks',
    'deadline-order',
    one('ports: {p: 1}, checks: [{type: tcp, grace: 1h}]'),
    [],
  ],
  [
    'a kill timeout above the deadline',
    'kill-timeout-above-deadline',
    one(
      'kill_timeout: 11m, sidecars: {s: {image: "x:1", kill_timeout: 10m}}, update: {progress_deadline: 10m, healthy_deadline: 1m}',
    ),
    ['services.a.kill_timeout: kill_timeout of 11m is above progress_deadline of 10m'],
  ],
  ['a default that adapts to the kill timeout', 'kill-timeout-above-deadline', one('kill_timeout: 1h'), []],
  [
    'nothing to promote',
    'promote-without-canary',
    one('update: {auto_promote: true}'),
    ['services.a.update.auto_promote: there are no canaries to promote'],
  ],
  ['a canary to promote', 'promote-without-canary', one('update: {auto_promote: true, canary: 1}'), []],
  [
    'kill timeouts above what the clients allow',
    'kill-timeout-capped',
    one('kill_timeout: 31s, init: {i: {image: "x:1", kill_timeout: 30s}}'),
    ['services.a.kill_timeout: kill_timeout of 31s is cut to the 30s that the clients allow'],
  ],
  [
    'tasks longer than what the clients allow',
    'kill-timeout-capped',
    'workers: {w: {image: "x:1", queues: [q], scale: {max: 1}, longest_task: 1h}, v: {image: "x:1", queues: [r], scale: {max: 1}}}',
    ['workers.w: a task may take 1h, but on a deployment or a node drain it is killed after 30s'],
  ],
  [
    'clients that allow more',
    'kill-timeout-capped',
    'cluster: {max_kill_timeout: 2h}\nservices: {a: {image: "x:1", kill_timeout: 2h}}\nworkers: {w: {image: "x:1", queues: [q], scale: {max: 1}, longest_task: 1h}}',
    [],
  ],
]

const PLACEMENT: RuleCase[] = [
  [
    'operators that do not exist',
    'unknown-operator',
    one(
      'constraints: [{attribute: "${node.class}", operator: regex, value: x}], affinities: [{attribute: "${node.class}", operator: distinct_hosts, value: x}]',
    ),
    [
      'services.a.constraints.0.operator: no operator "regex" in constraints',
      'services.a.affinities.0.operator: no operator "distinct_hosts" in affinities',
    ],
  ],
  [
    'operators that exist',
    'unknown-operator',
    one(
      'constraints: [{attribute: "${attr.kernel.name}", value: linux}, {attribute: "${meta.a}", operator: is_set}, {attribute: x, operator: distinct_hosts, value: "true"}]',
    ),
    [],
  ],
  [
    'values that are missing, too much, or no number',
    'operator-value',
    one(
      'constraints: [{attribute: "${meta.a}"}, {attribute: "${meta.a}", operator: is_not_set, value: x}, {attribute: "${meta.a}", operator: distinct_property, value: "0"}, {attribute: "${meta.a}", operator: regexp}]',
    ),
    [
      'services.a.constraints.0: the operator = needs a value',
      'services.a.constraints.1.value: the operator is_not_set takes no value',
      'services.a.constraints.2.value: distinct_property takes a number of at least 1, not "0"',
      'services.a.constraints.3: the operator regexp needs a value',
    ],
  ],
  [
    'values that fit',
    'operator-value',
    one(
      'constraints: [{attribute: "${meta.a}", operator: distinct_property}, {attribute: "${meta.a}", operator: distinct_property, value: "2"}, {attribute: "${meta.a}", operator: distinct_hosts}]',
    ),
    [],
  ],
  [
    'attributes that do not exist',
    'unknown-attribute',
    one(
      'constraints: [{attribute: "${node.zone}", value: x}, {attribute: "$meta.a", value: x}, {attribute: "${meta.}", value: x}]',
    ),
    [
      'services.a.constraints.0.attribute: no attribute "${node.zone}"',
      'services.a.constraints.1.attribute: no attribute "$meta.a"',
      'services.a.constraints.2.attribute: no attribute "${meta.}"',
    ],
  ],
  [
    'attributes that exist, and a plain text',
    'unknown-attribute',
    one(
      'constraints: [{attribute: "${node.unique.name}", value: x}, {attribute: "${device.model}", value: x}, {attribute: linux, value: linux}]',
    ),
    [],
  ],
  [
    'a spread above 100 percent',
    'spread-above-100',
    one(
      'spread: [{attribute: "${meta.z}", targets: {a: 50, b: 50}}, {attribute: "${meta.y}", targets: {a: 50, b: 51}}]',
    ),
    ['services.a.spread.1.targets: a, b add up to 101 percent'],
  ],
  [
    'cron lines',
    'bad-cron',
    'periodic: {a: {image: "x:1", cron: "* * *"}, b: {image: "x:1", cron: ["@daily", "61 * * * *"]}}',
    [
      'periodic.a.cron: the cron line "* * *": has 3 fields, needs 5 (minute, hour, day of the month, month, day of the week), 6 with the year or 7 with seconds in front',
      'periodic.b.cron.1: the cron line "61 * * * *": minute "61": 61 is not between 0 and 59',
    ],
  ],
  [
    'time zones',
    'unknown-time-zone',
    `periodic:
  a: {image: 'x:1', cron: '@daily', time_zone: Europe/Berlin}
  b: {image: 'x:1', cron: '@daily', time_zone: US/Eastern}
  c: {image: 'x:1', cron: '@daily', time_zone: europe/berlin}
  d: {image: 'x:1', cron: '@daily', time_zone: +02:00}
scaling: {schedules: {s: {from: '09:00', to: '10:00', time_zone: Mars/Olympus}}}`,
    [
      'periodic.c.time_zone: no time zone "europe/berlin"',
      'periodic.d.time_zone: no time zone "+02:00"',
      'scaling.schedules.s.time_zone: no time zone "Mars/Olympus"',
    ],
  ],
]

describe('rules on restarts and deployments', () => testCases(CASES))
describe('rules on placement and times', () => testCases(PLACEMENT))
