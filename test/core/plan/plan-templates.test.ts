import { describe, expect, it } from 'vitest'
import { serviceIn, taskOf } from './planned.ts'

const STACK = { secrets: { s: {} }, services: { db: { image: 'd:1', ports: { p: 5432 } } } }
const WORKER = { image: 'a:1', queues: ['q'], scale: { max: 1 } }
const SECRET = '{{ with nomadVar "nomad/jobs" }}{{ .s.Value }}{{ end }}'
const templates = (it: object) => taskOf(serviceIn(STACK, it)).template ?? []

describe('variables', () => {
  const env = {
    PLAIN: 'x ${A} {{ y }}',
    B: { secret: 's' },
    A: ['"', { service: 'db', part: 'host', wait: false }],
  }

  it('known ones are in env, the others in a template of the secrets, sorted', () => {
    const task = taskOf(serviceIn(STACK, { env }))
    expect(task.env).toEqual({ PLAIN: 'x ${A} {{ y }}' })
    expect(task.template).toEqual([
      {
        destination: 'secrets/runtime.env',
        env: true,
        data:
          'A="\\""{{ with service "db" }}{{ with index . 0 }}{{ .Address }}{{ end }}{{ else }}db.service.consul{{ end }}\n' +
          'B={{ with nomadVar "nomad/jobs" }}{{ .s.Value | toJSON }}{{ end }}\n',
        error_on_missing_key: true,
        change_mode: 'restart',
      },
    ])
  })

  it('there is no template without them', () => {
    expect(taskOf(serviceIn(STACK, { env: { A: 1, B: '' } }))).toMatchObject({ env: { A: '1', B: '' } })
    expect(templates({ env: { A: 1 } })).toEqual([])
  })

  it('a worker keeps what it started with', () => {
    const task = taskOf({ ...STACK, workers: { it: { ...WORKER, env: { A: { secret: 's' } } } } })
    expect(task.template?.[0]?.change_mode).toBe('noop')
  })
})

describe('files', () => {
  it.each([
    [
      'plain',
      { content: 'a "b" ${c}\n' },
      { destination: 'local/f', data: 'a "b" ${c}\n', change_mode: 'restart' },
    ],
    [
      'with values',
      { content: 'x=@A@\n', values: { A: { secret: 's' } } },
      { destination: 'secrets/f', data: `x=${SECRET}\n`, error_on_missing_key: true, change_mode: 'restart' },
    ],
    [
      'with an address only',
      { content: '@A@', values: { A: { service: 'db', part: 'port', wait: false } } },
      {
        destination: 'local/f',
        data: '{{ with service "db" }}{{ with index . 0 }}{{ .Port }}{{ end }}{{ else }}5432{{ end }}',
        error_on_missing_key: true,
        change_mode: 'restart',
      },
    ],
    [
      'a template of something else',
      { content: '{{ $labels }}' },
      {
        destination: 'local/f',
        data: '{{ $labels }}',
        left_delimiter: '[[',
        right_delimiter: ']]',
        change_mode: 'restart',
      },
    ],
    [
      'mode',
      { content: '', mode: '600' },
      { destination: 'local/f', data: '', perms: '0600', change_mode: 'restart' },
    ],
    [
      'the usual mode',
      { content: '', mode: '0644' },
      { destination: 'local/f', data: '', change_mode: 'restart' },
    ],
    [
      'no change',
      { content: '', on_change: 'none' },
      { destination: 'local/f', data: '', change_mode: 'noop' },
    ],
    [
      'a signal',
      { content: '', on_change: 'signal', signal: 'SIGUSR1' },
      { destination: 'local/f', data: '', change_mode: 'signal', change_signal: 'SIGUSR1' },
    ],
  ])('%s', (_, file, planned) => expect(templates({ files: { '/f': file } })).toEqual([planned]))

  it('two of one name in different folders do not meet', () => {
    const files = {
      '/a/x': { content: '' },
      '/b/x': { content: '' },
      '/local/x': { content: '' },
      '/secrets/x': { content: '' },
    }
    expect(templates({ files }).map(({ destination }) => destination)).toEqual([
      'local/a/x',
      'local/b/x',
      'local/x',
      'secrets/x',
    ])
  })
})

describe('waiting', () => {
  const CHECKED = { image: 'd:1', ports: { a: 1, b: 2 }, checks: [{ type: 'tcp', port: 'b' }] }
  const REST = {
    secrets: { s: {} },
    services: { db: STACK.services.db, two: CHECKED },
    batch: { done: { image: 'b:1' } },
  }
  const waits = (it: object) =>
    taskOf(serviceIn(REST, it)).template?.find(({ destination }) => destination === 'local/waited-for')
  const key = (service: string, query = service) =>
    `${service}{{ with service "${query}" }}{{ else }}{{ key "drover/waits-for/${service}" }}{{ end }}\n`

  it.each([
    ['a healthy one', { depends_on: ['db'] }, key('db')],
    ['a started one', { depends_on: { db: 'started' } }, key('db', 'db|any')],
    ['the port that is checked', { depends_on: ['two'] }, key('two-b')],
    ['any of it that is started', { depends_on: { two: 'started' } }, key('two', 'two|any')],
    ['several', { depends_on: ['two', 'db'] }, key('two-b') + key('db')],
    [
      'an address that is looked up without waiting',
      { depends_on: ['db'], env: { A: { service: 'db', wait: false } } },
      key('db'),
    ],
    [
      'an address of a port without check',
      { depends_on: ['two'], env: { A: { service: 'two', port: 'a' } } },
      key('two-b'),
    ],
  ])('%s', (_, it, data) =>
    expect(waits(it)).toEqual({ destination: 'local/waited-for', data, change_mode: 'noop' }),
  )

  it.each([
    ['nothing', {}],
    ['an address in the environment waits by itself', { depends_on: ['db'], env: { A: { service: 'db' } } }],
    [
      'also that of the port that is checked',
      { depends_on: ['two'], env: { A: { service: 'two', port: 'b' } } },
    ],
    ['what runs before it anyway', { depends_on: { done: 'completed' } }],
  ])('no template for %s', (_, it) => expect(waits(it)).toBeUndefined())

  it('only the main task waits', () => {
    const written = serviceIn(REST, {
      depends_on: ['db'],
      sidecars: { x: { image: 'x:1' } },
      init: { y: { image: 'y:1' } },
    })
    expect(taskOf(written, 'x').template).toBeUndefined()
    expect(taskOf(written, 'y').template).toBeUndefined()
  })
})
