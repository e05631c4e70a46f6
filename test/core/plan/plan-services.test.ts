import { describe, expect, it } from 'vitest'
import { groupOf, serviceIn, servicesOf, taskOf } from './planned.ts'

const PORTS = { ports: { main: 80, 'web-ui': 81 } }
const check = (written: object, more: object = {}) =>
  servicesOf(serviceIn({}, { ports: { p: 80 }, checks: [written], ...more }))[0]?.check?.[0]

describe('services', () => {
  it('the first port has the name of the job, the others their own behind it', () => {
    const written = { services: { my_app: { image: 'a:1', ...PORTS, tags: ['t'] } } }
    expect(servicesOf(written, 'my_app')).toEqual([
      {
        name: 'my-app',
        provider: 'consul',
        port: 'main',
        tags: ['shop', 'service', 't'],
        meta: { stack: 'shop', kind: 'service', job: 'my_app', version: '1' },
      },
      {
        name: 'my-app-web-ui',
        provider: 'consul',
        port: 'web_ui',
        tags: ['shop', 'service', 't'],
        meta: { stack: 'shop', kind: 'service', job: 'my_app', version: '1' },
      },
    ])
  })

  it.each([
    ['redis:7-alpine', '7-alpine'],
    ['registry:5000/team/app', undefined],
    ['registry:5000/team/app:1.2', '1.2'],
    ['app:1.2@sha256:0123', '1.2'],
    ['app@sha256:0123', undefined],
  ])('the version of %s is %s', (image, version) => {
    expect(servicesOf({ services: { it: { image, ...PORTS } } })[0]?.meta?.version).toBe(version)
  })

  it('tier, version and links of the job are shown, other meta is not', () => {
    const meta = { tier: 'store', version: 'v2', link_docs: 'https://d.example', team: 'x' }
    const [shown] = servicesOf(serviceIn({}, { ...PORTS, meta, tags: ['t', 'store'] }))
    expect([shown?.meta, shown?.tags]).toEqual([
      {
        stack: 'shop',
        kind: 'service',
        job: 'it',
        tier: 'store',
        version: 'v2',
        link_docs: 'https://d.example',
      },
      ['shop', 'service', 'store', 't'],
    ])
  })

  it('a job without ports has one for its checks, one without either has none', () => {
    const [only] = servicesOf(serviceIn({}, { checks: [{ type: 'script', command: 'x' }] }))
    expect(only?.name).toBe('it')
    expect(only).not.toHaveProperty('port')
    expect(groupOf(serviceIn({})).service).toBeUndefined()
  })

  it('each service has the checks of its port; scripts and unnamed ones are with the first', () => {
    const checks = [
      { type: 'tcp', port: 'web-ui' },
      { type: 'http', path: '/', port: 'main' },
      { type: 'script', command: 'x' },
    ]
    const names = servicesOf(serviceIn({}, { ...PORTS, checks })).map((one) =>
      one.check?.map(({ name }) => name),
    )
    expect(names).toEqual([['http-2', 'script-3'], ['tcp-1']])
  })
})

describe('checks', () => {
  it.each([
    [
      'http',
      { type: 'http', path: '/x', method: 'HEAD', protocol: 'https', headers: { Host: ['a'] } },
      { type: 'http', path: '/x', method: 'HEAD', protocol: 'https', header: { Host: ['a'] } },
    ],
    ['tcp', { type: 'tcp' }, { type: 'tcp' }],
    [
      'grpc',
      { type: 'grpc', grpc_service: 'g', tls: true },
      { type: 'grpc', grpc_service: 'g', grpc_use_tls: true },
    ],
  ])('%s: Consul counts the failures, and a critical check restarts at once', (type, written, planned) => {
    expect(check(written)).toEqual({
      name: type,
      port: 'p',
      interval: '30s',
      timeout: '10s',
      failures_before_critical: 3,
      check_restart: { limit: 1, grace: '49s' },
      ...planned,
    })
  })

  it('script: the limit counts, as Consul cannot', () => {
    expect(check({ type: 'script', command: 'a "b c"', retries: 5 })).toEqual({
      type: 'script',
      name: 'script',
      task: 'it',
      command: 'a',
      args: ['b c'],
      interval: '30s',
      timeout: '10s',
      check_restart: { limit: 5, grace: '49s' },
    })
  })

  it('one failure is enough with retries 1', () => {
    expect(check({ type: 'tcp', retries: 1 })).not.toHaveProperty('failures_before_critical')
    expect(check({ type: 'tcp', retries: 1 })?.check_restart?.limit).toBe(1)
    expect(check({ type: 'script', command: 'x', retries: 1 })?.check_restart?.limit).toBe(1)
  })

  it.each([
    // Nomad counts the grace from the decision to restart: the delay and its jitter of a quarter come first.
    ['always', '30s', '49s'],
    ['always', '0s', '19s'],
    ['always', '1m', '1m19s'],
    ['never', '30s', '30s'],
    [{ attempts: 1, interval: '1m', delay: '4s', mode: 'fail' }, '10s', '15s'],
    [{ attempts: 1, interval: '1m', delay: '1s', mode: 'fail' }, '10s', '12s'],
    [{ attempts: 1, interval: '1m', delay: '0s', mode: 'fail' }, '1.5s', '1s500ms'],
  ])('restart %j and grace %s: %s', (restart, grace, planned) => {
    expect(check({ type: 'tcp', grace }, { restart })?.check_restart?.grace).toBe(planned)
  })

  it('one that only reports restarts nothing; workers have no other', () => {
    const quiet = check({ type: 'tcp', on_unhealthy: 'report' })
    expect(quiet).toMatchObject({ failures_before_critical: 3 })
    expect(quiet).not.toHaveProperty('check_restart')
    const worker = {
      image: 'a:1',
      queues: ['q'],
      scale: { max: 1 },
      checks: [{ type: 'script', command: 'x' }],
    }
    expect(servicesOf({ workers: { it: worker } })[0]?.check?.[0]).not.toHaveProperty('check_restart')
  })

  it('arguments known at run time are variables of the task', () => {
    const secrets = { password: {} }
    const checks = [
      {
        type: 'script',
        command: ['ping', ['-a', { secret: 'password' }], ['-b', { secret: 'password' }], '${HOME}'],
      },
    ]
    const written = serviceIn({ secrets }, { command: ['run', [{ secret: 'password' }]], checks })
    expect(servicesOf(written)[0]?.check?.[0]).toMatchObject({
      command: 'ping',
      args: ['${DROVER_ARGUMENT_2}', '${DROVER_ARGUMENT_3}', '${HOME}'],
    })
    const task = taskOf(written)
    expect(task.config?.args).toEqual(['${DROVER_ARGUMENT_1}'])
    const secret = '{{ with nomadVar "nomad/jobs" }}{{ .password.Value | toJSON }}{{ end }}'
    expect(task.template?.[0]?.data).toBe(
      `DROVER_ARGUMENT_1=${secret}\nDROVER_ARGUMENT_2="-a"${secret}\nDROVER_ARGUMENT_3="-b"${secret}\n`,
    )
  })
})
