import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  flagWithSecret,
  isLiteralSecret,
  isSecretName,
  secretKind,
  secretsInFile,
} from '../../../src/core/rules/secret-text.ts'
import { lint } from '../../helpers/a-stack.ts'
import { type RuleCase, testCases } from '../../helpers/rule-cases.ts'

/** Joined at run time, so that no scanner takes this file for a leak. */
const AWS_KEY = `AK${'IA'}IOSFODNN7EXAMPLE`
const PRIVATE_KEY = `-----BEGIN RSA ${'PRIVATE'} KEY-----`

const CASES: RuleCase[] = [
  [
    'secrets in variables, commands, files, checks, labels, headers and configs',
    'secret-literal',
    `environments: {shared: {MAIL_PASSWORD: hunter2}}
services:
  a:
    image: x:1
    ports: {p: 1}
    env_from: [shared]
    env: {URL: 'redis://:hunter2@redis:6379/0', KEY: ${AWS_KEY}}
    command: [redis-server, --requirepass, hunter2]
    files:
      /redis.conf: {content: "port 6379\\nrequirepass hunter2\\n"}
      /key.pem: {content: '${PRIVATE_KEY}'}
    checks: [{type: script, command: redis-cli --password hunter2 ping}, {type: http, path: /, headers: {Authorization: [Basic aHVudGVyMg==]}}]
    labels: {api.token: hunter2}
    meta: {secret: hunter2}
    config: {auth: {username: me, password: hunter2}}
  b: {image: 'x:1', env_from: [shared]}`,
    [
      'services.a.env.KEY: the variable KEY holds an AWS access key, written into the stack',
      'environments.shared.MAIL_PASSWORD: the variable MAIL_PASSWORD holds a secret, written into the stack',
      'services.a.env.URL: the variable URL holds a URL with a password, written into the stack',
      'services.a.files./redis.conf: the file /redis.conf holds a secret (requirepass), written into the stack',
      'services.a.files./key.pem: the file /key.pem holds a private key, written into the stack',
      'services.a.command: the command holds the value of --requirepass, written into the stack',
      'services.a.checks.0.command: the check script-1 holds the value of --password, written into the stack',
      'services.a.labels.api.token: the label api.token holds a secret, written into the stack',
      'services.a.meta.secret: the metadata secret holds a secret, written into the stack',
      'services.a.checks.1.headers.Authorization: the header Authorization holds a secret, written into the stack',
      'services.a.config.auth.password: the config key password holds a secret, written into the stack',
    ],
  ],
  [
    'references, settings and addresses',
    'secret-literal',
    `secrets: {p: {}}
services:
  r: {image: 'x:1', ports: {p: 1}}
  a:
    image: x:1
    env:
      DB_PASSWORD: {secret: p}
      REDIS_URL: ['redis://:', {secret: p}, '@', {service: r}, /0]
      API_KEY: ''
      TOKEN_FILE: /run/secrets/token
      PASSWORD_MIN_LENGTH: 12
      TOKENIZERS_PARALLELISM: 'false'
      SECRET_SOURCE: vault
      PRIMARY_KEY: id
      OTHER_PASSWORD: \${DB_PASSWORD}
      HOME_URL: https://example.com:8443/a@b
    command: [redis-server, --requirepass, [{secret: p}], --port, 6379]
    files: {/f.yml: {content: "password: @P@\\npassword_file: /x\\nmax_tokens: 4096\\n# token: old\\n", values: {P: {secret: p}}}}`,
    [],
  ],
  [
    'secrets as arguments',
    'secret-in-arguments',
    `secrets: {p: {}}
services:
  a:
    image: x:1
    env: {P: {secret: p}}
    entrypoint: [run, [{secret: p}]]
    command: [run, ['--url=redis://:', {secret: p}, '@x']]
    checks: [{type: script, command: [redis-cli, -a, [{secret: p}], ping]}]
    files: {/f: {content: '@P@', values: {P: {secret: p}}}}`,
    [
      'services.a.command.1: the secret "p" is visible in the process list: it is an argument of the command',
      'services.a.entrypoint.1: the secret "p" is visible in the process list: it is an argument of the entrypoint',
      'services.a.checks.0.command.2: the secret "p" is visible in the process list: it is an argument of the check script',
    ],
  ],
]

describe('rules on secrets', () => {
  testCases(CASES)

  it('never print a secret', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{8,20}$/)
    fc.assert(
      fc.property(secret, (text) => {
        const stack = {
          services: {
            a: {
              image: 'x:1',
              env: { PASSWORD: text, URL: `redis://:${text}@r` },
              command: ['run', '--requirepass', text],
              labels: { token: text },
              files: { '/f': { content: `password: ${text}` } },
              config: { auth: { password: text } },
            },
          },
        }
        const issues = lint(stack).filter(({ code }) => code === 'secret-literal')
        expect(issues.length).toBeGreaterThan(0)
        for (const { message, fix, path } of issues)
          expect(`${message} ${fix} ${path.join(' ')}`).not.toContain(text)
      }),
    )
  })
})

describe('isSecretName', () => {
  it.each([
    ...[
      'PASSWORD',
      'DB_PASS',
      'REDIS_PASSWORD',
      'MYSQL_ROOT_PASSWORD',
      'DJANGO_SECRET_KEY',
      'API_KEY',
      'apiKey',
      'ANTHROPIC_API_KEY',
    ],
    ...[
      'AWS_SECRET_ACCESS_KEY',
      'GITHUB_TOKEN',
      'accessToken',
      'client-secret',
      'SUPABASE_KEY',
      'credentials',
      'Authorization',
      'requirepass',
      'SIGNING_KEY',
    ],
  ])('says that %s holds a secret', (name) => {
    expect(isSecretName(name)).toBe(true)
  })

  it.each([
    ...[
      'USER',
      'KEY',
      'PASSENGER_APP',
      'COMPASS_URL',
      'PASSWORD_FILE',
      'TOKEN_URL',
      'TOKEN_TTL',
      'MAX_TOKENS',
      'TOKENIZER',
      'SECRET_NAME',
    ],
    ...[
      'PUBLIC_KEY',
      'PRIMARY_KEY',
      'ROUTING_KEY',
      'PASSWORD_MIN_LENGTH',
      'SECRETS_DIR',
      'AWS_ACCESS_KEY_ID',
      'KEYBOARD',
      'MONKEY',
      'BYPASS_PROXY_LIST',
    ],
  ])('says that %s does not', (name) => {
    expect(isSecretName(name)).toBe(false)
  })
})

describe('isLiteralSecret', () => {
  it.each(['hunter2', 'changeme', '123456', 'a b', 'p@ss:word'])('takes %j for one', (text) => {
    expect(isLiteralSecret(text)).toBe(true)
  })

  it.each([
    '',
    ' ',
    '${X}',
    '$X',
    '{{ x }}',
    '<password>',
    'true',
    'None',
    '/run/secrets/x',
    './x.pem',
    '%(db)s',
    '8080',
    '30',
    'get_token()',
    '***',
    'vault:x',
    '\u0001',
  ])('does not take %j for one', (text) => {
    expect(isLiteralSecret(text)).toBe(false)
  })
})

describe('secretKind', () => {
  it.each([
    ['postgres://me:hunter2@db/shop', 'a URL with a password'],
    ['see amqp://u:p1234@mq and https://x', 'a URL with a password'],
    [`sk-${'a'.repeat(20)}`, 'an API key (sk-…)'],
    [`ghp_${'a'.repeat(36)}`, 'a GitHub token'],
    [`xox${'b'}-1234567890-abc`, 'a Slack token'],
    ['--maxmemory 1gb --requirepass hunter2', 'the value of --requirepass'],
    ["--admin-password='hunter2'", 'the value of --admin-password'],
  ])('finds one in %j', (text, kind) => {
    expect(secretKind(text)).toBe(kind)
  })

  it.each([
    'postgres://me@db',
    'redis://:${P}@r',
    'redis://:\u0001@r',
    'http://a:80/b@c',
    'task-sk-1',
    '--requirepass \u0001',
    '--password-file /x',
    '--password --verbose',
    'http://host:8080',
  ])('finds none in %j', (text) => {
    expect(secretKind(text)).toBeUndefined()
  })

  it('takes linear time for long texts', () => {
    // A quadratic search would take minutes here.
    for (const text of [
      'a'.repeat(400_000),
      'a:'.repeat(200_000),
      'http://'.repeat(60_000),
      '--a'.repeat(130_000),
      ' '.repeat(400_000),
      '-'.repeat(400_000),
    ]) {
      expect(secretKind(text)).toBeUndefined()
      expect(secretsInFile(text)).toEqual([])
    }
  })

  it('names the flag, not its value', () => {
    expect(flagWithSecret('x --token=abcdefgh')).toBe('the value of --token')
  })
})
