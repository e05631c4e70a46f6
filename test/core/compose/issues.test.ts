import { describe, expect, it } from 'vitest'
import { toComposeFile } from '../../../src/adapters/compose-files.ts'
import { readCompose } from '../../../src/core/compose/read-compose.ts'
import { formatIssue } from '../../../src/core/issue.ts'
import { readTexts } from './read-texts.ts'

describe('a file with many faults', () => {
  it('has all of them reported at once, in reading order, with their places', () => {
    const { lines } = readTexts(
      {
        'c.yml': `services:
  web:
    imge: nginx
    ports: 80
    enviroment: {A: 1}
    depends_on:
      db: {condition: service_healty}
      chache: {condition: service_started}
    volumes:
      - dta:/data
      - /data
      - ./x:/y
      - ./z:/y
    networks: [front]
    secrets: [key]
    user: 1000
    command: \${CMD:?no command}
    restart: \${5}
    environment:
      - A=1
      - A=2
  cache: {image: redis, privileged: yes please}
volumes: {data: }
networks: {back: }
volume: {}
`,
      },
      {},
    )
    expect(lines).toEqual([
      'c.yml:2:3 services.web: has neither an image nor a build (add "image: NAME")',
      'c.yml:3:5 services.web.imge: unknown key "imge" (did you mean "image"?)',
      'c.yml:4:5 services.web.ports: must be a list, not a number',
      'c.yml:5:5 services.web.enviroment: unknown key "enviroment" (did you mean "environment"?)',
      'c.yml:7:7 services.web.depends_on.db: "service_healty" is not a condition (conditions are service_started, service_healthy, service_completed_successfully)',
      'c.yml:8:7 services.web.depends_on.chache: there is no service "chache" (did you mean "cache"?)',
      'c.yml:10:9 services.web.volumes[0]: there is no volume "dta" (did you mean "data"?)',
      'c.yml:11:9 services.web.volumes[1]: says again what line 10 says: /data (keep one of them)',
      'c.yml:13:9 services.web.volumes[3]: says again what line 12 says: /y (keep one of them)',
      'c.yml:14:16 services.web.networks.front: there is no network "front" (declare it under "networks")',
      'c.yml:15:15 services.web.secrets[0]: there is no secret "key" (declare it under "secrets")',
      'c.yml:16:5 services.web.user: must be text, not a number (put it in quotes)',
      'c.yml:17:5 services.web.command: CMD is required and not set: no command (put CMD= into a file and give it with --env-file)',
      'c.yml:18:5 services.web.restart: "${5}" is not a variable (write $$ for a plain dollar sign, or ${NAME} for a variable)',
      'c.yml:18:5 services.web.restart: "${5}" is not a restart policy (write no, always, unless-stopped, on-failure or on-failure:TIMES)',
      'c.yml:21:9 services.web.environment[1]: says again what line 20 says: A (keep one of them; the last one counts)',
      'c.yml:22:25 services.cache.privileged: must be true or false, not text',
      'c.yml:22:25 services.cache.privileged: "yes please" is not true or false',
      'c.yml:25:1 volume: unknown key "volume" (did you mean "volumes"?)',
    ])
  })
})

describe('variables', () => {
  it('has one issue for each variable, however often it is used, an error when any use requires it', () => {
    const { lines, issues, model } = readTexts({
      'c.yml': `x-env: &env
  URL: redis://:\${P}@r
services:
  a: {image: i, environment: *env}
  b: {image: i, environment: *env, command: "x \${P:?P must be set} $Q \${R:-r}"}
`,
    })
    expect(lines).toEqual([
      'c.yml:2:3 x-env.URL: P is required and not set, used in 2 places (put P= into a file and give it with --env-file)',
      'c.yml:5:36 services.b.command: Q is not set and stays blank (put Q= into a file and give it with --env-file)',
    ])
    expect(issues.map(({ severity }) => severity)).toEqual(['error', 'warning'])
    expect(model.variables.map(({ name, required, uses }) => [name, required, uses.length])).toEqual([
      ['P', true, 2],
      ['Q', false, 1],
      ['R', false, 1],
    ])
    expect(model.variables[2]?.default).toEqual(['r'])
  })

  it('has none when the environment gives them', () => {
    const { lines } = readTexts(
      { 'c.yml': 'services: {a: {image: "${I:?}", user: $U}}' },
      { env: { I: 'i', U: '' } },
    )
    expect(lines).toEqual([])
  })
})

describe('a file that is no compose file', () => {
  const read = (text: string) => {
    const sources = { compose: () => toComposeFile('c.yml', text), text: () => undefined }
    const { model, issues } = readCompose({ files: ['c.yml'], env: {}, sources })
    return { model, lines: issues.map(formatIssue) }
  }

  it.each([
    ['- a\n- b', 'c.yml:1:1 must be a map, not a list'],
    ['# nothing', 'c.yml:1:1 a compose file must be a map with "services", this one is empty'],
    ['just text', 'c.yml:1:1 must be a map, not text'],
  ])('%j', (text, line) => {
    expect(read(text)).toEqual({ model: undefined, lines: [line] })
  })

  it('says so when there are no services', () => {
    expect(read('services: {}').lines).toEqual(['services: c.yml: there are no services'])
  })

  it('reports YAML errors with their places', () => {
    const { model, lines } = read('services:\n  a:\n    image: "x\n')
    expect(model).toBeUndefined()
    expect(lines).toEqual([expect.stringMatching(/^c\.yml:\d+:\d+ /)])
  })

  it('reports a service that is given twice', () => {
    expect(read('services:\n  a: {image: i}\n  a: {image: j}').lines).toEqual([
      expect.stringContaining('c.yml:3:3 services.a: "a" is given twice'),
    ])
  })
})

describe('what compose files may hold beside', () => {
  it('takes x- keys anywhere, and empty values', () => {
    const { lines } = readTexts({
      'c.yml':
        'version: "3.8"\nx-a: {b: [1]}\nservices: {a: {image: i, x-b: 1, deploy: {x-c: {}}, ports: , volumes: }}\nnetworks:\nvolumes: {v: {x-d: 1}}',
    })
    expect(lines).toEqual([])
  })

  it('does not look for an optional dependency', () => {
    const { lines } = readTexts({
      'c.yml': 'services: {a: {image: i, depends_on: {gone: {condition: service_started, required: false}}}}',
    })
    expect(lines).toEqual([])
  })
})
