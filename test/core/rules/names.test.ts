import { describe } from 'vitest'
import { type RuleCase, testCases } from '../../helpers/rule-cases.ts'

const CASES: RuleCase[] = [
  [
    'a name in two sections',
    'duplicate-name',
    'services: {a: {image: "x:1"}}\nsystem: {a: {image: "x:1"}}',
    ['system.a: the name "a" is taken by services.a'],
  ],
  ['two names', 'duplicate-name', 'services: {a: {image: "x:1"}}\nsystem: {b: {image: "x:1"}}', []],
  [
    'an init task named like the job, a sidecar like the init task',
    'duplicate-name',
    'services: {a: {image: "x:1", init: {a: {image: "x:1"}, b: {image: "x:1"}}, sidecars: {b: {image: "x:1"}}}}',
    [
      'services.a.init.a: the task name "a" is taken by the main task',
      'services.a.sidecars.b: the task name "b" is taken by another task of a',
    ],
  ],
  [
    'an init task named like a batch job that runs before it',
    'duplicate-name',
    'services: {a: {image: "x:1", depends_on: {m: completed}, init: {m: {image: "x:1"}}}}\nbatch: {m: {image: "x:1"}}',
    ['services.a.init.m: the task name "m" is taken by the batch job m, which runs as an init task here'],
  ],
  [
    'an init task named like a service that is only waited for',
    'duplicate-name',
    'services: {a: {image: "x:1", depends_on: [m], init: {m: {image: "x:1"}}}, m: {image: "x:1", ports: {p: 1}}}',
    [],
  ],
  [
    'a job named alloc',
    'reserved-name',
    'services: {alloc: {image: "x:1"}}',
    ['services.alloc: a task may not be named "alloc"'],
  ],
  ['a job named allocator', 'reserved-name', 'services: {allocator: {image: "x:1"}}', []],
  [
    'two jobs that are one in Consul',
    'service-name-taken',
    'services: {a-b: {image: "x:1", ports: {p: 1}}, a_b: {image: "x:1", ports: {p: 1}}}',
    ['services.a_b: the job a_b would be "a-b" in Consul, like the job a-b'],
  ],
  [
    'two such jobs of which one is not in Consul',
    'service-name-taken',
    'services: {a-b: {image: "x:1", ports: {p: 1}}, a_b: {image: "x:1"}}',
    [],
  ],
  [
    'a port that is a job',
    'service-name-taken',
    'services: {a: {image: "x:1", ports: {p: 1, q: 2}}, a-q: {image: "x:1", ports: {p: 1}}}',
    ['services.a-q: the job a-q would be "a-q" in Consul, like the port q of a'],
  ],
  [
    'the first port, whose name is not used',
    'service-name-taken',
    'services: {a: {image: "x:1", ports: {p: 1, q: 2}}, a-p: {image: "x:1", ports: {p: 1}}}',
    [],
  ],
  [
    'what Drover registers itself',
    'service-name-taken',
    `services: {a_b: {image: "x:1", ports: {p: 1}}, drover-scaler: {image: "x:1", ports: {p: 1}}, w-group: {image: "x:1", ports: {p: 1}}}
external: {a-b: {address: "x:1"}, w: {address: "x:1"}}
workers: {w: {image: "x:1", queues: [q], scale: {min: 0, max: 1}}}`,
    [
      'services.drover-scaler: the job drover-scaler would be "drover-scaler" in Consul, like the scaler',
      'external.a-b: the external service a-b would be "a-b" in Consul, like the job a_b',
      'workers.w: the worker group w would be "w-group" in Consul, like the job w-group',
    ],
  ],
  [
    '64 characters with the port',
    'service-name-too-long',
    `services: {${'a'.repeat(60)}: {image: "x:1", ports: {p: 1, xyz: 2}}}`,
    [
      `services.${'a'.repeat(60)}.ports.xyz: the name in Consul would be "${'a'.repeat(60)}-xyz", which has 64 characters; at most 63 are allowed`,
    ],
  ],
  [
    '63 characters with the port',
    'service-name-too-long',
    `services: {${'a'.repeat(60)}: {image: "x:1", ports: {p: 1, xy: 2}}}`,
    [],
  ],
  [
    'an underscore in a job and in its second port',
    'service-name-mapped',
    'services: {a_b: {image: "x:1", ports: {p_1: 1, p_2: 2}}}',
    ['services.a_b: "a_b" is "a-b" in Consul', 'services.a_b.ports.p_2: "a_b-p_2" is "a-b-p-2" in Consul'],
  ],
  [
    'an underscore in a job that is not in Consul',
    'service-name-mapped',
    'services: {a_b: {image: "x:1"}}',
    [],
  ],
]

describe('rules on names', () => testCases(CASES))
