import { describe, expect, it } from 'vitest'
import { jobOf, service, worker } from './job-of.ts'

describe('normalize: ports, checks and deployments', () => {
  it.each([
    [80, { container: 80 }],
    [{ container: 80 }, { container: 80 }],
    [
      { container: 80, publish: 8080 },
      { container: 80, publish: { port: 8080 } },
    ],
    [
      { container: 80, publish: '0.0.0.0:8080' },
      { container: 80, publish: { port: 8080 } },
    ],
    [
      { container: 80, publish: '127.0.0.1:8080' },
      { container: 80, publish: { port: 8080, hostNetwork: 'loopback' } },
    ],
    [
      { container: 80, publish: '127.0.0.2:8080' },
      { container: 80, publish: { port: 8080, hostNetwork: 'loopback' } },
    ],
    [
      { container: 80, publish: 'inner_net:8080' },
      { container: 80, publish: { port: 8080, hostNetwork: 'inner_net' } },
    ],
  ])('port %j', (port, normal) =>
    expect(service({ ports: { p: port } }).ports).toEqual([{ name: 'p', ...normal }]),
  )

  it('checks: the defaults of each type', () => {
    const timing = { interval: '30s', timeout: '10s', retries: 3, grace: '30s', onUnhealthy: 'restart' }
    const path = (index: number) => ['services', 'it', 'checks', index]
    const { checks } = service({
      ports: { p: 80 },
      checks: [
        { type: 'http', path: '/' },
        { type: 'tcp' },
        { type: 'grpc' },
        { type: 'script', command: 'a "b c"' },
        { type: 'tcp', name: 'mine' },
      ],
    })
    expect(checks).toEqual([
      { ...timing, name: 'http-1', type: 'http', httpPath: '/', path: path(0) },
      { ...timing, name: 'tcp-2', type: 'tcp', path: path(1) },
      { ...timing, name: 'grpc-3', type: 'grpc', path: path(2) },
      { ...timing, name: 'script-4', type: 'script', command: [['a'], ['b c']], path: path(3) },
      { ...timing, name: 'mine', type: 'tcp', path: path(4) },
    ])
    expect(service({ checks: [{ type: 'tcp' }] }).checks[0]?.name).toBe('tcp')
  })

  it('checks: everything that can be written', () => {
    const [http, grpc] = service({
      ports: { p: 80 },
      checks: [
        {
          type: 'http',
          path: '/x',
          method: 'HEAD',
          protocol: 'https',
          headers: { Host: ['a', 'b'] },
          name: 'n',
          port: 'p',
          interval: '90s',
          timeout: '1.5s',
          retries: 1,
          grace: '2m',
          on_unhealthy: 'report',
        },
        { type: 'grpc', grpc_service: 's', tls: true },
      ],
    }).checks
    expect(http).toEqual({
      type: 'http',
      httpPath: '/x',
      method: 'HEAD',
      protocol: 'https',
      headers: { Host: ['a', 'b'] },
      name: 'n',
      port: 'p',
      interval: '1m30s',
      timeout: '1s500ms',
      retries: 1,
      grace: '2m',
      onUnhealthy: 'report',
      path: ['services', 'it', 'checks', 0],
    })
    expect(grpc).toMatchObject({ grpcService: 's', tls: true })
  })

  it('checks of workers report, unless they say otherwise', () => {
    expect(worker({ checks: [{ type: 'tcp' }] }).checks[0]?.onUnhealthy).toBe('report')
    expect(worker({ checks: [{ type: 'tcp', on_unhealthy: 'restart' }] }).checks[0]?.onUnhealthy).toBe(
      'restart',
    )
  })

  it.each([
    ['no check', {}, '5m', '10m'],
    ['a quick check', { checks: [{ type: 'tcp' }] }, '5m', '10m'],
    // 2m of grace, 60 rounds of 5 s + 5 s, and a minute on top.
    [
      'a slow check',
      { checks: [{ type: 'tcp', interval: '5s', timeout: '5s', retries: 60, grace: '2m' }] },
      '13m',
      '26m',
    ],
    ['a long kill timeout', { kill_timeout: '2h' }, '5m', '2h'],
    ['a long healthy time', { update: { min_healthy_time: '10m' } }, '20m', '40m'],
    ['a deadline of its own', { update: { healthy_deadline: '20m' } }, '20m', '40m'],
    ['both', { update: { healthy_deadline: '1m', progress_deadline: '2m' } }, '1m', '2m'],
  ])('deadlines of a job with %s', (_, written, healthy, progress) => {
    expect(service(written).update).toMatchObject({ healthyDeadline: healthy, progressDeadline: progress })
  })

  it.each([
    ['services', true],
    ['system', true],
    ['batch', false],
    ['workers', false],
  ])('%s have an update block: %s', (section, has) => {
    const more = section === 'workers' ? { queues: ['q'], scale: { max: 1 } } : {}
    expect(jobOf(section, { image: 'a:1', ...more }).update !== undefined).toBe(has)
  })

  it.each([
    [{ ports: { p: 80 } }, '5s'],
    [{ checks: [{ type: 'script', command: 'x' }] }, '1s'],
    [{}, undefined],
    [{ ports: { p: 80 }, shutdown_delay: '0s' }, '0s'],
    [{ shutdown_delay: '90s' }, '1m30s'],
  ])('shutdown delay of %j', (written, delay) => expect(service(written).shutdownDelay).toBe(delay))

  it.each([
    [undefined, []],
    [
      ['a', 'b'],
      [
        ['a', 'healthy', [0]],
        ['b', 'healthy', [1]],
      ],
    ],
    [
      { a: 'started', b: 'completed' },
      [
        ['a', 'started', ['a']],
        ['b', 'completed', ['b']],
      ],
    ],
  ])('depends_on %j', (written, normal) => {
    const job = service(written === undefined ? {} : { depends_on: written })
    expect(job.dependsOn).toEqual(
      normal.map(([on, condition, at]) => ({
        on,
        condition,
        path: ['services', 'it', 'depends_on', ...(at as unknown[])],
      })),
    )
  })

  it('placement', () => {
    const job = service(
      {
        constraints: [{ attribute: '${attr.a}', value: 'x' }],
        affinities: [{ attribute: '${attr.b}', operator: '!=', value: 'y', weight: -5 }],
        spread: [{ attribute: '${meta.zone}' }, { attribute: '${meta.rack}', weight: 1, targets: { a: 10 } }],
        priority: 70,
        node_pool: 'gpu',
      },
      { cluster: { datacenters: ['dc1'], node_pool: 'all' } },
    )
    expect(job).toMatchObject({
      constraints: [{ attribute: '${attr.a}', operator: '=', value: 'x' }],
      affinities: [{ attribute: '${attr.b}', operator: '!=', value: 'y', weight: -5 }],
      spread: [
        { attribute: '${meta.zone}', weight: 50, targets: {} },
        { attribute: '${meta.rack}', weight: 1, targets: { a: 10 } },
      ],
      priority: 70,
      datacenters: ['dc1'],
      nodePool: 'gpu',
    })
    expect(service({}, { cluster: { node_pool: 'all' } }).nodePool).toBe('all')
    expect(service({ datacenters: ['dc2'] }, { cluster: { datacenters: ['dc1'] } }).datacenters).toEqual([
      'dc2',
    ])
  })

  it('periodic jobs', () => {
    const cron = (written: object) => jobOf('periodic', { image: 'a:1', ...written }).periodic
    expect(cron({ cron: '@daily' })).toEqual({ crons: ['@daily'], timeZone: 'UTC', overlap: false })
    expect(cron({ cron: ['a', 'b'], time_zone: 'Europe/Paris', overlap: true })).toEqual({
      crons: ['a', 'b'],
      timeZone: 'Europe/Paris',
      overlap: true,
    })
  })
})
