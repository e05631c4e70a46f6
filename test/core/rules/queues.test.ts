import { describe } from 'vitest'
import { type RuleCase, testCases } from '../../helpers/rule-cases.ts'

const worker = (fields: string, queue = 'q') =>
  `{image: "x:1", queues: [${queue}], scale: {max: 4}, ${fields}}`

const CASES: RuleCase[] = [
  [
    'a queue of two groups, and one listed twice',
    'queue-shared',
    `workers: {a: ${worker('', 'q, r, r')}, b: ${worker('', 's, q')}}`,
    [
      'workers.a.queues.2: the queue "r" is listed twice',
      'workers.b.queues.1: the queue "q" is consumed by a as well',
    ],
  ],
  ['two queues', 'queue-shared', `workers: {a: ${worker('', 'q')}, b: ${worker('', 'r')}}`, []],
  [
    'a route to nobody',
    'queue-unconsumed',
    `routes: {'x.*': qq, 'y.*': q}\nworkers: {a: ${worker('')}}`,
    ['routes.x.*: no worker consumes the queue "qq"'],
  ],
  [
    'a worker that Nomad stops',
    'worker-killable',
    `workers: {a: ${worker('job_type: service')}, b: ${worker('job_type: batch', 'r')}, c: ${worker('', 's')}}`,
    ['workers.a.job_type: a busy allocation of a may be stopped when it is scaled in'],
  ],
  [
    'a second group in a batch job',
    'workers-in-one-job',
    `workers: {a: ${worker('x-nomad: {group: {a: {count: 1}, b: {count: 1}, c: null}}')}}`,
    ['workers.a.x-nomad.group.b: the patch adds the group "b" to the batch job of a'],
  ],
  [
    'a second group in a service',
    'workers-in-one-job',
    `services: {s: {image: "x:1", x-nomad: {group: {b: {count: 1}}}}}\nworkers: {a: ${worker('job_type: service, x-nomad: {group: {b: {count: 1}}}')}}`,
    [],
  ],
  ...[
    ['command: redis-server --maxmemory-policy allkeys-lru', 'services.r.command'],
    ['command: [redis-server, --maxmemory-policy=volatile-ttl]', 'services.r.command'],
    ['env: {REDIS_ARGS: "--maxmemory-policy allkeys-lfu"}', 'services.r.env.REDIS_ARGS'],
    ['files: {/r.conf: {content: "maxmemory-policy allkeys-random"}}', 'services.r.files./r.conf'],
  ].map(
    ([fields, path]): RuleCase => [
      `a broker that evicts: ${fields}`,
      'broker-evicts',
      `broker: {software: celery, service: r}\nservices: {r: {image: "x:1", ports: {p: 1}, ${fields}}}`,
      [
        `${path}: the broker r has maxmemory-policy ${/((?:allkeys|volatile)-\w+)/.exec(fields ?? '')?.[1]}: it throws queued tasks away when it is full`,
      ],
    ],
  ),
  [
    'a broker that does not, and a cache that may',
    'broker-evicts',
    `broker: {software: celery, service: r}
services:
  r: {image: 'x:1', ports: {p: 1}, command: redis-server --maxmemory 1gb --maxmemory-policy noeviction}
  c: {image: 'x:1', ports: {p: 1}, command: redis-server --maxmemory-policy allkeys-lru}`,
    [],
  ],
]

const celery = (options: string) => `command: "celery -A app worker ${options}"`
const SOUND = '--prefetch-multiplier=1 --hostname=a@${NOMAD_ALLOC_ID}'

const CELERY: RuleCase[] = [
  [
    'tasks as long as the visibility timeout',
    'visibility-timeout',
    `broker: {software: celery, service: r}
workers:
  a: ${worker('longest_task: 1h')}
  b: ${worker('celery: {app: x, time_limit: 2h}')}
  c: ${worker(celery('--time-limit=3600'))}
  d: ${worker('longest_task: 59m')}`,
    ['broker.visibility_timeout: tasks are delivered again after 1h, but may run as long: a 1h, b 2h, c 1h'],
  ],
  [
    'a longer visibility timeout, and workers without a limit',
    'visibility-timeout',
    `broker: {software: celery, service: r, visibility_timeout: 2h1m}\nworkers: {b: ${worker('celery: {app: x, time_limit: 2h}')}, c: ${worker('')}}`,
    [],
  ],
  [
    'another software',
    'visibility-timeout',
    `broker: {software: bullmq, service: r}\nworkers: {a: ${worker('longest_task: 5h')}}`,
    [],
  ],
  [
    'limits that disagree',
    'time-limits-disagree',
    `workers:
  a: ${worker('celery: {app: x, time_limit: 1h, soft_time_limit: 1h}')}
  b: ${worker('longest_task: 2h, celery: {app: x, time_limit: 1h}')}
  c: ${worker(celery('--time-limit 3600 --soft-time-limit 4000'))}
  d: ${worker(`longest_task: 2h, ${celery('--time-limit=3600')}`)}
  e: ${worker(`celery: {app: x, time_limit: 1h}, ${celery('')}`)}`,
    [
      'workers.a.celery.time_limit: the soft limit of 1h is not below the hard limit of 1h',
      'workers.b.celery.time_limit: the hard limit is 1h, longest_task 2h',
      'workers.c.command: the soft limit of 1h6m40s is not below the hard limit of 1h',
      'workers.d.command: the hard limit is 1h, longest_task 2h',
      'workers.e.celery.time_limit: the command has no --time-limit, so celery.time_limit of 1h is not used',
    ],
  ],
  [
    'limits that agree',
    'time-limits-disagree',
    `workers:
  a: ${worker('celery: {app: x, time_limit: 1500ms, soft_time_limit: 500ms}')}
  b: ${worker(`longest_task: 1h, ${celery('--time-limit=3600 --soft-time-limit=3300')}`)}
  c: ${worker('longest_task: 1h')}`,
    [],
  ],
  [
    'a backlog that prefetch hides',
    'prefetch-hides-backlog',
    `workers:
  a: ${worker('celery: {app: x, prefetch_multiplier: 2}')}
  b: ${worker(celery('--prefetch-multiplier=2'))}
  c: ${worker(celery('-l INFO'))}
  d: ${worker(celery('--prefetch-multiplier 0'))}`,
    [
      'workers.a.celery.prefetch_multiplier: each slot reserves 2 tasks (the multiplier is 2)',
      'workers.b.command: each slot reserves 2 tasks (the multiplier is 2)',
      "workers.c.command: each slot reserves 4 tasks (Celery's default is 4)",
      'workers.d.command: each slot reserves any number of tasks (the multiplier is 0)',
    ],
  ],
  [
    'workers that take what they run',
    'prefetch-hides-backlog',
    `workers: {a: ${worker('celery: {app: x}')}, b: ${worker(celery(SOUND))}, c: ${worker(celery('--disable-prefetch'))}, d: ${worker('command: node worker.js')}}`,
    [],
  ],
  [
    'nodes that do not name their allocation',
    'worker-not-identified',
    `workers: {a: ${worker(celery('-n a@%h'))}, b: ${worker(celery('-c 2'))}, c: ${worker(`command: [sh, -c, 'exec celery -A app worker --hostname c@%h']`)}}`,
    [
      'workers.a.command: the Celery node is named "a@%h", which does not say in which allocation it runs',
      'workers.b.command: the Celery node has no --hostname, which does not say in which allocation it runs',
      'workers.c.command: the Celery node is named "c@%h", which does not say in which allocation it runs',
    ],
  ],
  [
    'nodes that do, and other programs',
    'worker-not-identified',
    `workers: {a: ${worker('celery: {app: x}')}, b: ${worker(celery(SOUND))}, c: ${worker(`command: [sh, -c, 'celery -A app worker -n c@$NOMAD_ALLOC_ID']`)}, d: ${worker('command: celery -A app beat')}}`,
    [],
  ],
  [
    'a command that says something else',
    'worker-command-disagrees',
    `workers: {a: {image: "x:1", queues: [q, r], concurrency: 2, scale: {max: 1}, ${celery('-Q q,s -c 4')}}}`,
    [
      'workers.a.command: the command takes from q, s, `queues` has q, r',
      'workers.a.command: the command runs 4 at once, `concurrency` is 2',
    ],
  ],
  [
    'a command that says the same, in another order or nothing',
    'worker-command-disagrees',
    `workers: {a: {image: "x:1", queues: [q, r], concurrency: 2, scale: {max: 1}, ${celery('-Q r,q --concurrency=2')}}, b: ${worker(celery(''))}, c: ${worker('celery: {app: x}')}}`,
    [],
  ],
]

describe('rules on queues', () => testCases(CASES))
describe('rules on Celery workers', () => testCases(CELERY))
