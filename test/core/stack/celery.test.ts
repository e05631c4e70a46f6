import { describe, expect, it } from 'vitest'
import { celeryWords } from '../../../src/core/rules/celery-words.ts'
import { celeryCommand } from '../../../src/core/stack/celery.ts'
import type { Broker, Celery } from '../../../src/core/stack/stack.ts'

const CELERY: Celery = {
  app: 'shop.tasks',
  logLevel: 'INFO',
  prefetchMultiplier: 1,
  acksLate: true,
  arguments: [],
}
const BROKER: Broker = {
  software: 'celery',
  service: 'redis',
  database: 0,
  prefix: '',
  visibilityTimeoutMs: 3_600_000,
  transportOptions: {},
}

const render = (celery: Partial<Celery>, broker?: Partial<Broker>) => {
  const command = celeryCommand(
    'heavy',
    ['shap', 'ml'],
    2,
    { ...CELERY, ...celery },
    broker && { ...BROKER, ...broker },
  )
  return command.map((parts) => parts.join(''))
}

const START = [
  'celery',
  '-A',
  'shop.tasks',
  'worker',
  '--loglevel=INFO',
  '--concurrency=2',
  '--queues=shap,ml',
  '--prefetch-multiplier=1',
  '--hostname=heavy@${NOMAD_ALLOC_ID}',
  '--without-gossip',
  '--without-mingle',
]
const SETTINGS = ['worker_disable_prefetch=(bool)1', 'task_acks_late=(bool)1']

describe('the command of a Celery worker', () => {
  it.each<[string, Partial<Celery>, Partial<Broker> | undefined, string[]]>([
    ['nothing said', {}, undefined, [...START, '--', ...SETTINGS]],
    [
      'limits, in whole seconds, rounded up',
      { maxTasksPerChild: 10, timeLimitMs: 7_200_500, softTimeLimitMs: 60_000 },
      undefined,
      [...START, '--max-tasks-per-child=10', '--time-limit=7201', '--soft-time-limit=60', '--', ...SETTINGS],
    ],
    [
      'acknowledged early',
      { acksLate: false },
      undefined,
      [...START, '--', 'worker_disable_prefetch=(bool)1'],
    ],
    ["kombu's own visibility timeout", {}, {}, [...START, '--', ...SETTINGS]],
    [
      'another one',
      {},
      { visibilityTimeoutMs: 10_800_000 },
      [...START, '--', ...SETTINGS, 'broker_transport_options=(json){"visibility_timeout":10800}'],
    ],
    [
      'with all else that the stack knows, since it takes the place of the application’s own',
      {},
      { prefix: 'shop:', transportOptions: { priority_steps: [0, 5] } },
      [
        ...START,
        '--',
        ...SETTINGS,
        'broker_transport_options=(json){"visibility_timeout":3600,"global_keyprefix":"shop:","priority_steps":[0,5]}',
      ],
    ],
    [
      'not for another broker',
      {},
      { software: 'bullmq', visibilityTimeoutMs: 1 },
      [...START, '--', ...SETTINGS],
    ],
    [
      'own arguments and own settings, each on their side',
      { arguments: ['--pool=threads', '--', 'worker_send_task_events=(bool)1'] },
      undefined,
      [...START, '--pool=threads', '--', ...SETTINGS, 'worker_send_task_events=(bool)1'],
    ],
  ])('%s', (_, celery, broker, words) => {
    expect(render(celery, broker)).toEqual(words)
  })

  it('takes the log level as written', () =>
    expect(render({ logLevel: 'DEBUG' })).toContain('--loglevel=DEBUG'))

  it('reserves tasks where that is asked for', () => {
    const words = render({ prefetchMultiplier: 4 })
    expect(words).toContain('--prefetch-multiplier=4')
    expect(words).not.toContain('worker_disable_prefetch=(bool)1')
  })

  it.each([
    [{}, true],
    [{ prefetchMultiplier: 2 }, false],
    [{ prefetchMultiplier: 2, arguments: ['--', 'worker.disable_prefetch=true'] }, true],
    [{ prefetchMultiplier: 2, arguments: ['--', 'worker_disable_prefetch=(bool)0'] }, false],
  ])('the rules read it: %j', (celery, disabled) => {
    expect(celeryWords(render(celery).map((word) => [word]))?.prefetchDisabled).toBe(disabled)
  })
})
