import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reportToMarkdown } from '../../../src/core/import/report-markdown.ts'
import { importTexts, serviceA } from './import-texts.ts'

const env = (lines: string, given: Record<string, string> = {}) =>
  importTexts(serviceA(`expose: ["80"]\nenvironment: {${lines}}`), { env: given })

describe('variables of compose files', () => {
  it.each<[what: string, value: string, given: Record<string, string>, wanted: unknown]>([
    ['a secret by its name', '${DB_PASSWORD}', {}, { secret: 'db_password' }],
    [
      'a secret by its name, though it is given',
      '${API_TOKEN}',
      { API_TOKEN: 'abcdef' },
      { secret: 'api_token' },
    ],
    ['a secret by its name, though it has a default', '${API_KEY:-changeme}', {}, { secret: 'api_key' }],
    ['a secret by its value', '${DB_URL}', { DB_URL: 'postgres://u:hunter2@db/x' }, { secret: 'db_url' }],
    ['required and not given', '${THING:?must be set}', {}, { secret: 'thing' }],
    ['not given, without a default', '${THING}', {}, { secret: 'thing' }],
    ['a login', '${APP_USER:?}', { APP_USER: 'joe' }, { secret: 'app_user' }],
    ['MinIO’s user', '${MINIO_ROOT_USER:-minio}', {}, { secret: 'minio_root_user' }],
    [
      'a webhook',
      '${SLACK_WEBHOOK_URL}',
      { SLACK_WEBHOOK_URL: 'https://x.y/z' },
      { secret: 'slack_webhook_url' },
    ],
    ['given', '${LEVEL}', { LEVEL: 'debug' }, 'debug'],
    ['required and given', '${LEVEL:?}', { LEVEL: 'debug' }, 'debug'],
    ['a default', '${LEVEL:-info}', {}, 'info'],
    ['given and a default', '${LEVEL:-info}', { LEVEL: 'debug' }, 'debug'],
    ['empty and a default', '${LEVEL:-info}', { LEVEL: '' }, 'info'],
    ['empty and a default for unset ones', '${LEVEL-info}', { LEVEL: '' }, ''],
    ['a default of a default', '${A:-${B:-c}}', {}, 'c'],
    ['an alternative', '${A:+b}', { A: 'x' }, 'b'],
    ['no alternative', '${A:+b}', {}, ''],
    ['parts', 'x${A:-1}y${B_PASSWORD}z', {}, ['x1y', { secret: 'b_password' }, 'z']],
    ['no variable', '$$A', {}, '$A'],
  ])('%s', (_, value, given, wanted) => {
    const imported = env(`X: ${JSON.stringify(value)}`, given)
    expect(imported.job('a').env).toEqual({ X: wanted })
    expect(imported.lines).toEqual([])
  })

  it('are told of where they are fixed', () => {
    const imported = env('X: "${LEVEL:-info}", Y: "${OTHER}", Z: "${P_PASSWORD}", W: "${K_TOKEN:-x}"', {
      OTHER: 'o',
    })
    const found = ['X', 'Y', 'Z', 'W']
      .map((name) => imported.entry(`a environment.${name}`))
      .map(({ state, note }) => [state, note])
    expect(found).toEqual([
      ['approximated', 'LEVEL is fixed at its default'],
      ['approximated', 'OTHER is fixed at its value in the env file'],
      ['mapped', 'P_PASSWORD is the secret p_password'],
      ['approximated', 'K_TOKEN is the secret k_token, its default is left out'],
    ])
  })

  it('without a value take the shell’s', () => {
    expect(
      importTexts(serviceA('expose: ["80"]\nenvironment: [A_TOKEN, GIVEN]'), { env: { GIVEN: 'x' } }).job('a')
        .env,
    ).toEqual({
      A_TOKEN: { secret: 'a_token' },
      GIVEN: 'x',
    })
  })
})

describe('secrets that stand in the files', () => {
  it.each<[what: string, lines: string, wanted: object]>([
    [
      'a variable',
      'environment: {DB_PASSWORD: hunter2}',
      { env: { DB_PASSWORD: { secret: 'db_password' } } },
    ],
    [
      'a URL',
      'environment: {DB_URL: "postgres://u:hunter2@h/x"}',
      { env: { DB_URL: ['postgres://u:', { secret: 'db_url_password' }, '@h/x'] } },
    ],
    [
      'a flag',
      'command: run --password=hunter2 -x',
      { command: ['run', ['--password=', { secret: 'a_password' }], '-x'] },
    ],
    [
      'a flag and its value',
      'command: run --requirepass hunter2',
      { command: ['run', '--requirepass', [{ secret: 'a_password' }]] },
    ],
    [
      'a flag in a script',
      'command: [sh, -c, "run --token hunter2 x"]',
      { command: ['sh', '-c', ['run --token ', { secret: 'a_password' }, ' x']] },
    ],
    [
      'a token by its form',
      'environment: {X: "ghp_hunter2hunter2hunter2hunter2"}',
      { env: { X: { secret: 'x' } } },
    ],
  ])('%s', (_, lines, wanted) => {
    const imported = importTexts(serviceA(`expose: ["80"]\n${lines}`))
    expect(imported.job('a')).toMatchObject(wanted)
    expect(imported.text + JSON.stringify(imported.report) + reportToMarkdown(imported, [])).not.toContain(
      'hunter2',
    )
    expect(imported.text).toMatch(/# Its value stands in compose.yml:\d+\./)
  })

  it('are one secret where they are equal, and two where they are not', () => {
    const rest = '  b:\n    image: b:1\n    environment: {DB_PASSWORD: other22, URL: "http://u:hunter2@h"}\n'
    const imported = importTexts(
      serviceA('environment: {DB_PASSWORD: hunter2, URL: "http://u:hunter2@h"}', rest),
    )
    expect(imported.job('a').env).toEqual({
      DB_PASSWORD: { secret: 'db_password' },
      URL: ['http://u:', { secret: 'db_password' }, '@h'],
    })
    expect(imported.job('b').env).toEqual({
      DB_PASSWORD: { secret: 'b_db_password' },
      URL: ['http://u:', { secret: 'db_password' }, '@h'],
    })
  })

  it.each([
    'TOKEN_TTL: 30',
    'PUBLIC_KEY: abc',
    'PASSWORD_FILE: /run/x',
    'USE_AUTH: "true"',
    'MAX_TOKENS: 4096',
  ])('%s is none', (line) => {
    expect(env(line).stack).not.toHaveProperty('secrets')
  })

  it('mounted ones become files, whose value is a Nomad variable', () => {
    const rest = 'secrets:\n  pw: {file: ./pw.txt}\n  tok: {environment: APP_TOKEN}\n  unused: {file: x}\n'
    const imported = importTexts(
      serviceA('expose: ["80"]\nsecrets: [pw, {source: tok, target: /etc/tok, mode: "0440"}]', rest),
    )
    expect(imported.job('a').files).toEqual({
      '/run/secrets/pw': { values: { VALUE: { secret: 'pw' } }, content: '@VALUE@' },
      '/etc/tok': { values: { VALUE: { secret: 'app_token' } }, mode: '0440', content: '@VALUE@' },
    })
    expect(imported.entry('secrets.pw.file').state).toBe('approximated')
    expect(imported.entry('secrets.unused.file')).toMatchObject({
      state: 'dropped',
      note: 'no service mounts it',
    })
  })

  it('configs become files with their text', () => {
    const rest = 'configs:\n  c: {content: "x: ${V:-1}\\n"}\n  f: {file: ./f.conf}\n  e: {external: true}\n'
    const imported = importTexts(
      serviceA('expose: ["80"]\nconfigs: [c, {source: f, target: /etc/f}, e]', rest),
    )
    expect(imported.job('a').files).toEqual({
      '/c': { content: 'x: 1\n' },
      '/etc/f': { source: 'docker/f.conf' },
    })
    expect(imported.entry('a configs[2]')).toMatchObject({ state: 'dropped' })
  })

  it('never come into the stack or the report, wherever they stand', () => {
    const password = fc
      .stringMatching(/^[A-Za-z0-9]{9,20}$/)
      .filter((text) => /[A-Za-z]/.test(text) && /\d/.test(text))
    const places: ((secret: string) => string)[] = [
      (secret) => `environment: {ADMIN_PASSWORD: "${secret}"}`,
      (secret) => `environment: ["ADMIN_SECRET=${secret}"]`,
      (secret) => `environment: {X: "redis://:${secret}@h:1/0"}`,
      (secret) => `command: redis-server --requirepass ${secret}`,
      (secret) => `command: [run, "--api-key=${secret}"]`,
      (secret) => `healthcheck: {test: [CMD, redis-cli, -a, "${secret}", ping]}`,
      (secret) => `entrypoint: [sh, -c, "x --password '${secret}' y"]`,
    ]
    fc.assert(
      fc.property(password, fc.constantFrom(...places), (secret, place) => {
        const imported = importTexts(serviceA(`expose: ["80"]\n${place(secret)}`))
        const all =
          imported.text +
          JSON.stringify(imported.report) +
          JSON.stringify(imported.assumptions) +
          JSON.stringify(imported.secrets)
        expect(all).not.toContain(secret)
      }),
      { numRuns: 60 },
    )
  })
})
