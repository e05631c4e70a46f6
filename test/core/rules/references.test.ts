import { describe, expect, it } from 'vitest'
import { lint } from '../../helpers/a-stack.ts'
import { type RuleCase, testCases } from '../../helpers/rule-cases.ts'

const TWO = 'image: "x:1", ports: {p: 1, q: 2}'
const ONE = 'image: "x:1", ports: {p: 1}'

const CASES: RuleCase[] = [
  [
    'unknown services wherever an address may stand',
    'unknown-service',
    `environments: {shared: {S: {service: s}}}
broker: {software: celery, service: broker}
services:
  a:
    image: x:1
    env_from: [shared]
    env: {V: {service: v}}
    command: [run, [{service: c}]]
    files: {/f: {content: '@F@', values: {F: {service: f}}}}
    checks: [{type: script, command: [ok, [{service: k}]]}]
    init: {i: {image: 'x:1', env: {I: {service: i}}}}
    sidecars: {j: {image: 'x:1', entrypoint: [[{service: j}]]}}`,
    [
      'services.a.init.i.env.I: no job "i" in this stack',
      'environments.shared.S: no job "s" in this stack',
      'services.a.env.V: no job "v" in this stack',
      'services.a.command.1: no job "c" in this stack',
      'services.a.files./f: no job "f" in this stack',
      'services.a.sidecars.j.entrypoint.0: no job "j" in this stack',
      'services.a.checks.0.command.1: no job "k" in this stack',
      'broker.service: no job "broker" in this stack',
    ],
  ],
  [
    'a known service',
    'unknown-service',
    `services: {a: {image: "x:1", env: {B: {service: b}}}, b: {${ONE}}}`,
    [],
  ],
  [
    'one told once though two jobs share the block',
    'unknown-service',
    'environments: {e: {B: {service: b}}}\nservices: {a: {image: "x:1", env_from: [e]}, c: {image: "x:1", env_from: [e]}}',
    ['environments.e.B: no job "b" in this stack'],
  ],
  [
    'services without ports, and batch jobs',
    'service-without-ports',
    'services: {a: {image: "x:1", env: {B: {service: b}, C: {service: c}}}, b: {image: "x:1"}}\nbatch: {c: {image: "x:1"}}',
    [
      'services.a.env.B: "b" is without ports',
      'services.a.env.C: "c" is a job in batch, which cannot be dialled',
    ],
  ],
  [
    'a worker with a port',
    'service-without-ports',
    `services: {a: {image: "x:1", env: {B: {service: b}}}}\nworkers: {b: {${ONE}, queues: [q], scale: {max: 1}}}`,
    [],
  ],
  [
    'unknown ports, of references, checks and the broker',
    'unknown-port',
    `broker: {software: celery, service: b, port: z}\nservices: {a: {image: "x:1", env: {B: {service: b, port: r}}}, b: {${TWO}, checks: [{type: tcp, port: s}]}}`,
    [
      'services.a.env.B: "b" has no port "r"',
      'broker.port: "b" has no port "z"',
      'services.b.checks.0.port: "b" has no port "s"',
    ],
  ],
  [
    'known ports',
    'unknown-port',
    `services: {a: {image: "x:1", env: {B: {service: b, port: q}}}, b: {${TWO}, checks: [{type: tcp, port: q}]}}`,
    [],
  ],
  [
    'several ports and none named',
    'ambiguous-port',
    `services: {a: {image: "x:1", env: {B: {service: b}}}, b: {${TWO}, checks: [{type: tcp}, {type: script, command: ok}]}}`,
    [
      'services.a.env.B: "b" has several ports: p, q',
      'services.b.checks.0: this check names none of the ports p, q',
    ],
  ],
  [
    'one port and none named',
    'ambiguous-port',
    `services: {a: {image: "x:1", env: {B: {service: b}}}, b: {${ONE}, checks: [{type: tcp}]}}`,
    [],
  ],
  [
    'no network in common',
    'no-common-network',
    `networks: {edge: {}, data: {}, more: {}}
services:
  a: {image: 'x:1', networks: [edge, more], env: {B: {service: b}}, depends_on: [c]}
  b: {${ONE}, networks: [data]}
  c: {${ONE}, networks: []}`,
    [
      'services.a.env.B: a may not talk to b: no network in common (a: edge, more; b: data)',
      'services.a.depends_on.0: a may not talk to c: no network in common (a: edge, more; c: none)',
    ],
  ],
  [
    'a network in common, oneself, and what runs inside',
    'no-common-network',
    `networks: {edge: {}, data: {}}
services:
  a: {${ONE}, networks: [edge, data], env: {B: {service: b}, A: {service: a}}, depends_on: {m: completed}}
  b: {${ONE}, networks: [data]}
batch: {m: {image: 'x:1', networks: []}}`,
    [],
  ],
  [
    'a broker of several allocations',
    'broker-not-one',
    `broker: {software: celery, service: b}\nservices: {b: {${ONE}, count: 2}}`,
    ['broker.service: "b" has count 2'],
  ],
  [
    'a broker on every node',
    'broker-not-one',
    `broker: {software: celery, service: b}\nsystem: {b: {${ONE}}}`,
    ['broker.service: "b" is in system, not in services'],
  ],
  ['one broker', 'broker-not-one', `broker: {software: celery, service: b}\nservices: {b: {${ONE}}}`, []],
  [
    'unknown secrets',
    'unknown-secret',
    `secrets: {known: {}}
broker: {software: celery, service: b, password: {secret: p}}
scaling: {alerts: {webhook: {secret: w}, on: [at-max]}}
services: {b: {image: 'x:1', env: {A: {secret: known}, B: [x, {secret: nown}]}}}`,
    [
      'services.b.env.B: no secret "nown" in secrets',
      'broker.password.secret: no secret "p" in secrets',
      'scaling.alerts.webhook.secret: no secret "w" in secrets',
    ],
  ],
  [
    'unknown volumes',
    'unknown-volume',
    'volumes: {v: {type: host}}\nservices: {a: {image: "x:1", volumes: [{volume: v, to: /v}, {volume: w, to: /w}]}}',
    ['services.a.volumes.1.volume: no volume "w" in volumes'],
  ],
  [
    'unknown networks',
    'unknown-network',
    'networks: {n: {}}\nservices: {a: {image: "x:1", networks: [n, default, m]}}',
    ['services.a.networks.2: no network "m" in networks'],
  ],
]

describe('rules on references', () => testCases(CASES))

it('says of what runs elsewhere how it is named', () => {
  const stack = 'external: {db: {address: "x:1"}}\nservices: {a: {image: "x:1", env: {DB: {service: db}}}}'
  const issue = lint(stack).find(({ code }) => code === 'unknown-service')
  expect(issue?.fix).toBe('it is in external: write its address as a text')
})
