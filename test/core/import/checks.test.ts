import { describe, expect, it } from 'vitest'
import { importTexts, serviceA } from './import-texts.ts'

const check = (test: string, lines = '') =>
  importTexts(serviceA(`expose: ["80"]\nhealthcheck:\n  test: ${test}\n  timeout: 5s\n${lines}`))

describe('health checks', () => {
  it.each<[test: string, wanted: object]>([
    ['[CMD, curl, -f, "http://localhost/health"]', { type: 'http', path: '/health' }],
    ['[CMD, curl, -fsS, -m, "3", "http://127.0.0.1:80"]', { type: 'http', path: '/' }],
    ['[CMD, /usr/bin/curl, --fail, --silent, "localhost:80/x?y=1"]', { type: 'http', path: '/x?y=1' }],
    [
      '[CMD, curl, -k, "https://localhost:443/"]',
      { type: 'http', port: 'https', path: '/', protocol: 'https' },
    ],
    ['[CMD, curl, -I, "http://localhost/"]', { type: 'http', path: '/', method: 'HEAD' }],
    [
      '[CMD, curl, -H, "Host: a.b", "http://localhost/"]',
      { type: 'http', path: '/', headers: { Host: ['a.b'] } },
    ],
    ['[CMD, wget, --quiet, --tries=1, --spider, "http://localhost/x"]', { type: 'http', path: '/x' }],
    ['[CMD, wget, -qO-, "http://localhost/x"]', { type: 'http', path: '/x' }],
    ['[CMD, wget, -q, -O, /dev/null, "http://localhost/x"]', { type: 'http', path: '/x' }],
    ['curl -f http://localhost/x || exit 1', { type: 'http', path: '/x' }],
    ['[CMD-SHELL, "wget -q --spider http://localhost/x"]', { type: 'http', path: '/x' }],
    [
      `[CMD, python, -c, "import urllib.request; urllib.request.urlopen('http://localhost/x')"]`,
      { type: 'http', path: '/x' },
    ],
    [
      `[CMD, node, -e, "fetch('http://localhost/x').then(r => process.exit(r.ok ? 0 : 1))"]`,
      { type: 'http', path: '/x' },
    ],
    ['[CMD, nc, -z, localhost, "80"]', { type: 'tcp' }],
    ['nc -zv -w 3 127.0.0.1 80', { type: 'tcp' }],
    ['[CMD, grpc_health_probe, "-addr=:50051"]', { type: 'grpc', port: 'grpc' }],
    ['[CMD, pg_isready, -U, app]', { type: 'script', command: ['pg_isready', '-U', 'app'] }],
    ['pg_isready -U app', { type: 'script', command: ['/bin/sh', '-c', 'pg_isready -U app'] }],
    ['[CMD, redis-cli, ping]', { type: 'script', command: ['redis-cli', 'ping'] }],
    // More than a request, or not to itself.
    [
      'curl -f http://localhost/x | grep ok',
      { type: 'script', command: ['/bin/sh', '-c', 'curl -f http://localhost/x | grep ok'] },
    ],
    ['[CMD, curl, -f, "http://other/x"]', { type: 'script', command: ['curl', '-f', 'http://other/x'] }],
    [
      '[CMD, curl, --data, x, "http://localhost/x"]',
      { type: 'script', command: ['curl', '--data', 'x', 'http://localhost/x'] },
    ],
    [
      '[CMD, curl, "http://localhost/a", "http://localhost/b"]',
      { type: 'script', command: ['curl', 'http://localhost/a', 'http://localhost/b'] },
    ],
    [
      'curl -f http://localhost:$${PORT}/',
      { type: 'script', command: ['/bin/sh', '-c', 'curl -f http://localhost:${PORT}/'] },
    ],
  ])('%s', (test, wanted) => {
    const imported = check(test)
    const { timeout, ...found } = (imported.job('a').checks as { timeout: string }[])[0] ?? { timeout: '' }
    expect(found).toEqual({ ...wanted })
    expect(timeout).toBe('5s')
    expect(imported.errors).toEqual([])
  })

  it.each([
    [
      '[CMD, sh, -c, "wget --spider -q http://localhost/x || exit 0"]',
      { type: 'http', path: '/x' },
      '|| exit 0',
    ],
    ['curl localhost/x || true', { type: 'http', path: '/x' }, '|| true'],
    [
      'check --all || echo failed',
      { type: 'script', command: ['/bin/sh', '-c', 'check --all'] },
      '|| echo failed',
    ],
  ])('that always pass lose what lets them: %s', (test, wanted, wayOut) => {
    const imported = check(test)
    expect((imported.job('a').checks as object[])[0]).toEqual({ ...wanted, timeout: '5s' })
    expect(imported.entry('a healthcheck.test')).toMatchObject({
      state: 'approximated',
      note: expect.stringContaining(wayOut),
    })
    expect(imported.text).toContain(
      `# The compose file ends this check in "${wayOut}", so that it always passes.`,
    )
  })

  it.each(['[CMD, echo, ok]', 'exit 0', '"true"', '[CMD-SHELL, "do_it; exit 0"]'])(
    'that say nothing are none: %s',
    (test) => {
      const imported = check(test)
      expect(imported.job('a')).not.toHaveProperty('checks')
      expect(imported.entry('a healthcheck.test')).toMatchObject({
        state: 'approximated',
        note: expect.stringMatching(/passes whatever/),
      })
      expect(imported.entry('a healthcheck.timeout').state).toBe('dropped')
    },
  )

  it('take their times over, and docker’s own where they are not Drover’s', () => {
    const timed = check(
      '"x -y"',
      '  interval: 1m30s\n  retries: 5\n  start_period: 10s\n  start_interval: 1s',
    )
    expect((timed.job('a').checks as object[])[0]).toMatchObject({
      interval: '1m30s',
      timeout: '5s',
      retries: 5,
      grace: '10s',
    })
    expect(timed.entry('a healthcheck.start_interval').state).toBe('dropped')
    const bare = importTexts(serviceA('healthcheck: {test: "curl localhost:80"}'))
    expect(bare.job('a').checks).toEqual([{ type: 'http', path: '/', timeout: '30s' }])
    const fast = importTexts(serviceA('healthcheck: {test: "curl localhost:80", interval: 100ms}'))
    expect(fast.entry('a healthcheck.interval')).toMatchObject({ state: 'approximated' })
    expect(fast.errors).toEqual([])
  })

  it('that are switched off are none', () => {
    const off = importTexts(serviceA('expose: ["80"]\nhealthcheck: {disable: true}'))
    expect(off.job('a')).not.toHaveProperty('checks')
    expect(off.entry('a healthcheck.disable').state).toBe('mapped')
    expect(importTexts(serviceA('expose: ["80"]\nhealthcheck: {test: [NONE]}')).job('a')).not.toHaveProperty(
      'checks',
    )
  })

  it('of a job that ends are dropped', () => {
    const imported = importTexts(
      serviceA('healthcheck: {test: "curl localhost"}\ndeploy: {mode: replicated-job}'),
    )
    expect(imported.job('a')).not.toHaveProperty('checks')
    expect(imported.entry('a healthcheck.test')).toMatchObject({
      state: 'dropped',
      note: expect.stringMatching(/exit code/),
    })
  })

  it.each([
    [
      '[CMD, redis-cli, -p, "6379", -a, "${PW}", ping]',
      { secret: 'pw' },
      ['redis-cli', '-p', '6379', 'ping'],
    ],
    [
      '[CMD, redis-cli, --no-auth-warning, -a, hunter2hunter2, ping]',
      { secret: 'rediscli_auth_password' },
      ['redis-cli', 'ping'],
    ],
    ['redis-cli -a ${PW} ping || exit 1', { secret: 'pw' }, ['redis-cli', 'ping']],
  ])('of redis have their password in a variable: %s', (test, secret, command) => {
    const imported = check(test)
    expect(imported.job('a')).toMatchObject({
      env: { REDISCLI_AUTH: secret },
      checks: [{ type: 'script', command }],
    })
    expect(imported.text).not.toContain('hunter2')
    expect(imported.entry('a healthcheck.test').state).toBe('approximated')
  })

  it('keep other secrets as parts', () => {
    const imported = check('[CMD, mysqladmin, ping, "-p${DB_PASSWORD}"]')
    expect(imported.job('a').checks).toEqual([
      { type: 'script', command: ['mysqladmin', 'ping', ['-p', { secret: 'db_password' }]], timeout: '5s' },
    ])
  })
})
