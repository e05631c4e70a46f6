import { describe } from 'vitest'
import { type RuleCase, testCases } from '../../helpers/rule-cases.ts'

const PORT = 'image: "x:1", ports: {p: 1}'

const CASES: RuleCase[] = [
  [
    'an unknown job',
    'unknown-dependency',
    `services: {a: {${PORT}, depends_on: {bb: started}}, b: {${PORT}}}`,
    ['services.a.depends_on.bb: no job "bb" in this stack'],
  ],
  ['a known job', 'unknown-dependency', `services: {a: {${PORT}, depends_on: [b]}, b: {${PORT}}}`, []],
  [
    'completion of a service',
    'dependency-never-completes',
    `services: {a: {${PORT}, depends_on: {b: completed}}, b: {${PORT}}}`,
    ['services.a.depends_on.b: "b" is in services and never completes'],
  ],
  [
    'completion of a batch job',
    'dependency-never-completes',
    `services: {a: {${PORT}, depends_on: {b: completed}}}\nbatch: {b: {image: "x:1"}}`,
    [],
  ],
  [
    'a job that nobody sees',
    'dependency-not-visible',
    `services: {a: {${PORT}, depends_on: [b, c]}, b: {image: "x:1"}, c: {image: "x:1", checks: [{type: script, command: ok}]}}`,
    ['services.a.depends_on.0: "b" has no ports and no checks, so nobody can see that it is healthy'],
  ],
  [
    'a batch job that must be started',
    'dependency-not-visible',
    `services: {a: {${PORT}, depends_on: {b: started}}}\nbatch: {b: {image: "x:1"}}`,
    ['services.a.depends_on.b: "b" has no ports and no checks, so nobody can see that it is started'],
  ],
  [
    'a job of a profile, from one that is always there',
    'dependency-needs-profile',
    `services: {a: {${PORT}, depends_on: [b]}, b: {${PORT}, profiles: [debug, test]}}`,
    ['services.a.depends_on.0: "b" is rendered only with the profile debug or test, "a" always'],
  ],
  [
    'an address of a job of fewer profiles',
    'dependency-needs-profile',
    `services: {a: {${PORT}, profiles: [debug, test], env: {B: {service: b}}}, b: {${PORT}, profiles: [debug]}}`,
    ['services.a.env.B: "b" is rendered only with the profile debug, "a" also with the profile test'],
  ],
  [
    'an address that may be missing',
    'dependency-needs-profile',
    `services: {a: {${PORT}, env: {B: {service: b, wait: false}}}, b: {${PORT}, profiles: [debug]}}`,
    [],
  ],
  [
    'jobs of one profile, jobs without, and what runs inside',
    'dependency-needs-profile',
    `services: {a: {${PORT}, profiles: [debug], depends_on: {b: healthy, c: healthy, d: completed}}, b: {${PORT}, profiles: [debug]}, c: {${PORT}}}
batch: {d: {image: "x:1", profiles: [other]}}`,
    [],
  ],
  [
    'what an init task cannot take along',
    'completed-job-reduced',
    `services: {a: {${PORT}, depends_on: {m: completed}}}\nbatch: {m: {image: "x:1", depends_on: [a], labels: {a: b}}}`,
    [
      'batch.m.depends_on: m runs as an init task of the jobs that need it, where its depends_on is not used',
      'batch.m.labels: m runs as an init task of the jobs that need it, where its labels is not used',
    ],
  ],
  [
    'a batch job with all that, of which nobody needs the end',
    'completed-job-reduced',
    `services: {a: {${PORT}}}\nbatch: {m: {image: "x:1", depends_on: [a], labels: {a: b}}}`,
    [],
  ],
]

const CYCLES: RuleCase[] = [
  [
    'a circle of three, and a job outside',
    'dependency-cycle',
    `services: {z: {${PORT}, depends_on: [a]}, a: {${PORT}, depends_on: [b]}, b: {${PORT}, depends_on: [c]}, c: {${PORT}, depends_on: [a]}}`,
    ['services.a.depends_on.0: the dependencies form a circle: a → b → c → a'],
  ],
  [
    'a job that depends on itself',
    'dependency-cycle',
    `services: {a: {${PORT}, depends_on: [a]}}`,
    ['services.a.depends_on.0: a depends on itself'],
  ],
  [
    'a diamond',
    'dependency-cycle',
    `services: {a: {${PORT}, depends_on: [b, c]}, b: {${PORT}, depends_on: [d]}, c: {${PORT}, depends_on: [d]}, d: {${PORT}}}`,
    [],
  ],
  [
    'a circle of addresses',
    'address-cycle',
    `services: {a: {${PORT}, checks: [{type: tcp}], env: {B: {service: b}}}, b: {${PORT}, checks: [{type: tcp}], files: {/b: {content: "@A@", values: {A: {service: a}}}}}}`,
    [
      "services.a.env.B: these jobs wait for each other's addresses: a → b → a; a holds the address of b in the variable B, b holds the address of a in the file /b",
    ],
  ],
  [
    'a circle of addresses where one has no check, so that it is there at once',
    'address-cycle',
    `services: {a: {${PORT}, env: {B: {service: b}}}, b: {${PORT}, checks: [{type: tcp}], env: {A: {service: a}}}}`,
    [],
  ],
  [
    'a circle of addresses where one does not wait',
    'address-cycle',
    `services: {a: {${PORT}, checks: [{type: tcp}], env: {B: {service: b}}}, b: {${PORT}, checks: [{type: tcp}], env: {A: {service: a, wait: false}}}}`,
    [],
  ],
  [
    'an address and a dependency',
    'address-cycle',
    `services: {a: {${PORT}, depends_on: [b]}, b: {${PORT}, env: {A: {service: a}}}}`,
    [],
  ],
  [
    'an address and a dependency, with a check',
    'address-cycle',
    `services: {a: {${PORT}, checks: [{type: tcp}], depends_on: [b]}, b: {${PORT}, env: {A: {service: a}}}}`,
    [
      "services.b.env.A: these jobs wait for each other's addresses: a → b → a; a depends on b, b holds the address of a in the variable A",
    ],
  ],
  [
    'the own address of a job with a check',
    'address-cycle',
    `services: {a: {${PORT}, checks: [{type: tcp}], env: {ME: {service: a}}}}`,
    [
      'services.a.env.ME: a waits for its own address, which the variable ME holds: its checks pass only once it runs',
    ],
  ],
  [
    'a circle of dependencies alone',
    'address-cycle',
    `services: {a: {${PORT}, depends_on: [b]}, b: {${PORT}, depends_on: [a]}}`,
    [],
  ],
]

describe('rules on dependencies', () => testCases(CASES))
describe('rules on circles', () => testCases(CYCLES))
