import { describe, expect, it } from 'vitest'
import type { StackMap } from '../../../src/core/import/tree.ts'
import { importTexts, serviceA } from './import-texts.ts'

const redis = `  redis:
    image: redis:7
    expose: ["6379"]
`
const CELERY = 'celery -A shop.tasks worker --loglevel=INFO --concurrency=4 --queues=a,b --hostname=w@%h'

const tier = (lines = '', rest = '') => `workers:
  a:
    queues: [a, b]
    min_replicas: 1
    max_replicas: 4
${lines}
${rest}`

describe('a Celery worker', () => {
  it.each<[what: string, command: string, wanted: object]>([
    [
      'all that the stack has keys for',
      `${CELERY} --prefetch-multiplier=2 --max-tasks-per-child=9 --time-limit=3600 --soft-time-limit=3300.5`,
      {
        queues: ['a', 'b'],
        concurrency: 4,
        celery: {
          app: 'shop.tasks',
          prefetch_multiplier: 2,
          max_tasks_per_child: 9,
          time_limit: '1h',
          soft_time_limit: '55m500ms',
        },
      },
    ],
    [
      'short options',
      'celery -A shop worker -l debug -c 2 -Q a,b -n w@%h',
      { queues: ['a', 'b'], concurrency: 2, celery: { app: 'shop', log_level: 'DEBUG' } },
    ],
    [
      'short options with their values',
      'celery --app=shop worker -c2 -Qa',
      { queues: ['a'], concurrency: 2, celery: { app: 'shop' } },
    ],
    [
      'other options stay',
      'celery -A shop worker -c 2 -Q a -E -P gevent --without-gossip --pidfile=',
      { celery: { app: 'shop', arguments: ['-E', '-P', 'gevent', '--pidfile='] } },
    ],
    [
      'a level that Celery has and Drover has not',
      'celery -A shop worker -c 1 -Q a -l FATAL',
      { celery: { app: 'shop', arguments: ['--loglevel=FATAL'] } },
    ],
    [
      'prefetch without a limit',
      'celery -A shop worker -c 1 -Q a --prefetch-multiplier=0',
      { celery: { app: 'shop', arguments: ['--prefetch-multiplier=0'] } },
    ],
    ['no queues', 'celery -A shop worker -c 1', { queues: ['celery'], celery: { app: 'shop' } }],
    [
      'the solo pool',
      'celery -A shop worker -c 8 -Q a --pool=solo',
      { concurrency: 1, celery: { app: 'shop', arguments: ['--pool=solo'] } },
    ],
    ['no concurrency', 'celery -A shop worker -Q a', { concurrency: 1, celery: { app: 'shop' } }],
  ])('%s', (_, command, wanted) => {
    const imported = importTexts(serviceA(`command: ${command}`))
    expect(imported.job('a')).toMatchObject(wanted)
    expect((imported.job('a') as { celery?: object }).celery).toEqual((wanted as { celery: object }).celery)
    expect(imported.job('a')).not.toHaveProperty('command')
    expect(imported.errors).toEqual([])
  })

  it('tells that its node has another name, and what Celery would do without options', () => {
    const imported = importTexts(serviceA('command: celery -A shop worker -n w@%h'))
    const note = imported.entry('a command').note ?? ''
    expect(note).toContain('in the place of w@%h')
    expect(note).toContain("prefetch is 1, not Celery's 4")
    expect(note).toContain('Celery would run a task for each core of the node')
  })

  it('has what its limit allows when it names no concurrency', () => {
    expect(importTexts(serviceA('command: celery -A s worker\ncpus: 3.5')).job('a').concurrency).toBe(3)
  })

  it.each([
    ['celery -b redis://x:1 -A shop worker -Q a,b -c 3', ['a', 'b'], 3],
    ['celery -b ${BROKER_URL} -A shop worker --queues=a', ['a'], undefined],
    ['python -m celery -A shop worker -Q a -n w@%h', ['a'], undefined],
    ['[sh, -c, "migrate && celery -A shop worker -Q a --concurrency 2 -n w@%h"]', ['a'], 2],
    ['[sh, -c, "exec celery -A shop worker --hostname=\'w@%h\'"]', ['celery'], undefined],
  ])('keeps a command that Drover would not write: %s', (command, queues, concurrency) => {
    const imported = importTexts(serviceA(`command: ${command}`))
    const job = imported.job('a') as { command: string[]; queues: string[] }
    expect(job).toMatchObject({ queues, ...(concurrency === undefined ? {} : { concurrency }) })
    expect(job).not.toHaveProperty('celery')
    const words = job.command.join(' ')
    expect(words).toContain('-A shop worker')
    expect(words).not.toContain('%h')
    if (command.includes('%h')) {
      expect(words).toContain('a@${NOMAD_ALLOC_ID}')
      expect(imported.entry('a command').state).toBe('approximated')
    }
  })

  it.each([
    '[CMD, celery, -A, shop, inspect, ping]',
    'celery -A shop inspect ping -d celery@$$HOSTNAME',
    '[CMD, echo, ok]',
  ])('is asked by its own name: %s', (test) => {
    const imported = importTexts(
      serviceA(
        `command: ${CELERY}\nhealthcheck: {test: ${JSON.stringify(test).startsWith('"[') ? test : JSON.stringify(test)}, timeout: 9s}`,
      ),
    )
    expect(imported.job('a').checks).toEqual([
      {
        type: 'script',
        command: ['celery', '-A', 'shop.tasks', 'inspect', 'ping', '--destination', 'a@${NOMAD_ALLOC_ID}'],
        timeout: '9s',
      },
    ])
    expect(imported.entry('a healthcheck.test').state).toBe('approximated')
  })

  it('keeps a check of another kind', () => {
    const imported = importTexts(
      serviceA(`command: ${CELERY}\nhealthcheck: {test: [CMD, check, it], timeout: 9s}`),
    )
    expect(imported.job('a').checks).toEqual([{ type: 'script', command: ['check', 'it'], timeout: '9s' }])
  })

  it('warns of a clock in it', () => {
    const imported = importTexts(serviceA(`command: ${CELERY} -B`))
    expect(imported.entry('a command').note).toMatch(/with -B each allocation sends/)
    expect(imported.text).toContain('# Each allocation is a clock of its own with -B')
  })

  it('without an autoscale file runs as often as in compose', () => {
    expect(importTexts(serviceA(`command: ${CELERY}\ndeploy: {replicas: 3}`)).job('a').scale).toEqual({
      min: 3,
      max: 3,
    })
    expect(importTexts(serviceA(`command: ${CELERY}`)).job('a').scale).toEqual({ min: 1, max: 1 })
    expect(importTexts(serviceA(`command: ${CELERY}\ndeploy: {replicas: 0}`)).job('a').scale).toEqual({
      min: 0,
      max: 1,
    })
  })
})

describe('the broker', () => {
  const broker = (value: string, rest = redis) =>
    importTexts(serviceA(`command: ${CELERY}\nenvironment: {CELERY_BROKER_URL: "${value}"}`, rest))

  it.each<[url: string, wanted: object | undefined]>([
    ['redis://redis:6379/1', { service: 'redis', database: 1 }],
    ['redis://redis', { service: 'redis', database: 0 }],
    [
      'redis://:${REDIS_PASSWORD}@redis:6379/1',
      { service: 'redis', database: 1, password: { secret: 'redis_password' } },
    ],
    [
      'redis://u:hunter2@redis:6379/1',
      { service: 'redis', database: 1, password: { secret: 'celery_broker_url_password' } },
    ],
    ['redis://elsewhere:6379/1', undefined],
    ['amqp://redis:5672', undefined],
  ])('%s', (url, wanted) => {
    const imported = broker(url)
    expect(imported.stack.broker).toEqual(
      wanted && { software: 'celery', ...wanted, visibility_timeout: '1h' },
    )
    if (!wanted) expect(imported.assumptions.join()).toMatch(/add `broker`/)
    expect(imported.text).not.toContain('hunter2')
  })

  it('names the port where there are several', () => {
    const rest = '  redis:\n    image: redis:7\n    expose: ["6379", "9000"]\n'
    expect(broker('redis://redis:6379/0', rest).stack.broker).toMatchObject({ port: 'redis' })
  })
})

describe('autoscale.yml', () => {
  const scaled = (autoscale: string, lines = '') =>
    importTexts(serviceA(`command: ${CELERY}\n${lines}`), { autoscale })

  it('gives bounds, steps and times', () => {
    const imported = scaled(
      tier(`    scale_up_threshold: 20
    scale_down_threshold: 0
    cooldown_minutes: 2.5
    idle_shutdown_minutes: 15
    startup_time_seconds: 120
    cpu_per_replica: 2
    memory_per_replica_gb: 2`),
      'deploy: {replicas: 1, resources: {limits: {cpus: 2, memory: 4G}}}',
    )
    expect(imported.job('a').scale).toEqual({
      min: 1,
      max: 4,
      keep_alive: '15m',
      start_up: '2m',
      strategies: { step: { up_at: 20, down_at: 0, cooldown: '2m30s' } },
    })
    expect(imported.entry('workers.a.cpu_per_replica').state).toBe('mapped')
    expect(imported.entry('workers.a.memory_per_replica_gb')).toMatchObject({
      state: 'approximated',
      note: expect.stringMatching(/limit of 4 is taken, not 2/),
    })
    expect(imported.entry('a deploy.replicas').state).toBe('mapped')
    expect(imported.errors).toEqual([])
  })

  it('gives a size where the service has none, and an own strategy needs both thresholds', () => {
    const imported = scaled(
      tier('    scale_up_threshold: 20\n    cpu_per_replica: 2\n    memory_per_replica_gb: 1.5'),
    )
    expect(imported.job('a')).toMatchObject({
      resources: { cpu: 2, memory: '1536MB' },
      scale: { min: 1, max: 4 },
    })
    expect(imported.entry('workers.a.scale_up_threshold')).toMatchObject({
      state: 'dropped',
      note: expect.stringMatching(/both thresholds/),
    })
  })

  it('tells of a count that compose starts with and Drover does not', () => {
    expect(scaled(tier(), 'deploy: {replicas: 3}').entry('a deploy.replicas')).toMatchObject({
      state: 'approximated',
    })
  })

  it.each([
    ['A', 'A'],
    ['worker_a', 'worker-a'],
    ['another_name', 'a'],
  ])('finds %s as %s', (name, service) => {
    const text = serviceA(`command: ${CELERY}`).replace('  a:\n', `  ${service}:\n`)
    const imported = importTexts(text, { autoscale: tier().replace('  a:', `  ${name}:`) })
    expect(Object.values(imported.stack.workers as StackMap)[0]).toMatchObject({ scale: { max: 4 } })
  })

  it('tells of tiers that no service is', () => {
    const imported = scaled(tier('', '  ghost: {queues: [z], min_replicas: 0, max_replicas: 1}'))
    expect(imported.entry('workers.ghost.queues')).toMatchObject({
      state: 'dropped',
      note: expect.stringMatching(/no service .* named ghost/),
    })
  })

  it('makes a worker of a service that is no Celery', () => {
    const imported = importTexts(serviceA('command: node worker.js'), { autoscale: tier() })
    expect(imported.job('a')).toMatchObject({
      queues: ['a', 'b'],
      command: ['node', 'worker.js'],
      scale: { min: 1, max: 4 },
    })
  })

  it('lets the command decide where the queues differ', () => {
    const imported = importTexts(serviceA('command: celery -A s worker -Q x -c 1'), { autoscale: tier() })
    expect(imported.job('a').queues).toEqual(['x'])
    expect(imported.entry('workers.a.queues').state).toBe('approximated')
  })

  const advanced = `global: {check_interval_seconds: 60, redis_url: x, docker_compose_dir: y}
advanced:
  schedule:
    business_hours: {enabled: true, timezone: Europe/Berlin, start_hour: 9, end_hour: 24, weekdays: [0, 1, 5], min_replicas_override: {a: 2, ghost: 1}}
    off_hours: {enabled: false, max_replicas_override: {a: 9}}
  predictive: {enabled: true, lookback_hours: 24, forecast_minutes: 15, scale_proactively: true}
  cost_optimization: {enabled: false, max_cost_per_hour_usd: 5.5, prefer_fewer_large_workers: true, shutdown_idle_workers: true}
  alerts: {enabled: true, webhook_url: "\${HOOK_URL}", alert_on: [queue_depth_exceeded, unheard_of, scaling_limit_reached]}
`

  it('brings schedules, forecast, budget and alerts', () => {
    const imported = scaled(tier('', advanced))
    expect(imported.stack.scaling).toEqual({
      interval: '1m',
      schedules: {
        business_hours: {
          enabled: true,
          time_zone: 'Europe/Berlin',
          weekdays: [1, 5, 7],
          from: '09:00',
          to: '24:00',
          min: { a: 2 },
        },
        off_hours: { enabled: false, otherwise: 'business_hours', max: { a: 4 } },
      },
      forecast: { enabled: true, look_back: '24h', horizon: '15m' },
      budget: { enabled: false, max_per_hour: 5.5 },
      alerts: { enabled: true, webhook: { secret: 'hook_url' }, on: ['backlog-over-threshold', 'at-max'] },
    })
    expect(imported.stack.cluster).toMatchObject({ prices: { currency: 'USD' } })
    expect(imported.errors).toEqual([])
    const states = Object.fromEntries(
      imported.report
        .filter(({ position }) => position.file === 'autoscale.yml')
        .map(({ key, state }) => [key, state]),
    )
    expect(states).toMatchObject({
      'global.docker_compose_dir': 'dropped',
      'advanced.schedule.business_hours.min_replicas_override.ghost': 'dropped',
      'advanced.schedule.off_hours.max_replicas_override.a': 'approximated',
      'advanced.schedule.off_hours.enabled': 'mapped',
      'advanced.predictive.scale_proactively': 'mapped',
      'advanced.cost_optimization.prefer_fewer_large_workers': 'dropped',
      'advanced.alerts.alert_on': 'approximated',
    })
  })

  it.each<[what: string, lines: string, wanted: object]>([
    ['no window', 'advanced: {schedule: {business_hours: {enabled: true}}}', {}],
    [
      'a forecast that may not scale',
      'advanced: {predictive: {enabled: true, scale_proactively: false}}',
      { forecast: { enabled: false } },
    ],
    ['a budget without an amount', 'advanced: {cost_optimization: {enabled: true}}', {}],
    ['alerts without a webhook', 'advanced: {alerts: {enabled: true, alert_on: [queue_depth_exceeded]}}', {}],
    [
      'days only',
      'advanced: {schedule: {off_hours: {weekdays: [6, 7]}}}',
      { schedules: { off_hours: { weekdays: [6, 7] } } },
    ],
  ])('%s', (_, lines, wanted) => {
    const imported = scaled(tier('', lines))
    expect(imported.stack.scaling ?? {}).toEqual(wanted)
    expect(imported.errors).toEqual([])
  })

  it('hides a webhook that stands in the file', () => {
    const imported = scaled(
      tier(
        '',
        'advanced: {alerts: {webhook_url: "https://hooks.example.com/abc123def", alert_on: [queue_depth_exceeded]}}',
      ),
    )
    expect(imported.stack.scaling).toMatchObject({ alerts: { webhook: { secret: 'alert_webhook_url' } } })
    expect(imported.text + JSON.stringify(imported.report)).not.toContain('abc123def')
  })

  it('tells of keys that Drover does not know', () => {
    const imported = scaled(tier('    bogus: 1'))
    expect(imported.entry('workers.a.bogus')).toMatchObject({
      state: 'dropped',
      note: 'Drover does not know the key',
    })
  })
})
