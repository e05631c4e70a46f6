import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ImportTextsOptions, importTexts, serviceA } from './import-texts.ts'

const others = `  db:
    image: postgres:16
    expose: ["5432"]
  cache:
    image: redis:7
    expose: ["6379"]
  store:
    image: minio/minio:1
    ports: ["127.0.0.1:9001:9001"]
    expose: ["9000"]
  web:
    image: nginx:1
    ports: ["8080:80"]
  ends:
    image: busybox:1
    restart: "no"
`

const env = (lines: string, rest = others, options: ImportTextsOptions = {}) => {
  const imported = importTexts(serviceA(`expose: ["80"]\n${lines}`, rest), options)
  expect(imported.errors).toEqual([])
  return imported
}

const early = { wait: false }

describe('another service in a variable', () => {
  it.each<[value: string, wanted: unknown]>([
    ['http://web', ['http://', { service: 'web', ...early }]],
    ['http://web/x?y=1', ['http://', { service: 'web', ...early }, '/x?y=1']],
    ['http://web:80/x', ['http://', { service: 'web', ...early }, '/x']],
    ['cache:6379', { service: 'cache', ...early }],
    ['redis://cache:6379/0', ['redis://', { service: 'cache', ...early }, '/0']],
    ['redis://cache/0', ['redis://', { service: 'cache', ...early }, '/0']],
    [
      'redis://:${CACHE_PASSWORD}@cache:6379/0',
      ['redis://:', { secret: 'cache_password' }, '@', { service: 'cache', ...early }, '/0'],
    ],
    ['jdbc:postgresql://db:5432/x', ['jdbc:postgresql://', { service: 'db', ...early }, '/x']],
    ['postgresql+asyncpg://u@db/x', ['postgresql+asyncpg://u@', { service: 'db', ...early }, '/x']],
    [
      'a:cache:6379:0,b:db:5432',
      ['a:', { service: 'cache', ...early }, ':0,b:', { service: 'db', ...early }],
    ],
    ['store:9000', { service: 'store', port: 's3', ...early }],
    ['http://store:9001/', ['http://', { service: 'store', port: 'console', ...early }, '/']],
    // Published outside, so that nobody answers there inside.
    ['http://web:8080/', ['http://', { service: 'web', ...early }, '/']],
    // No hosts.
    ['cache', 'cache'],
    ['cache,db', 'cache,db'],
    ['my-cache:6379', 'my-cache:6379'],
    ['cache:6379x', 'cache:6379x'],
    ['cache-2:6379', 'cache-2:6379'],
    ['cache.example.com:6379', 'cache.example.com:6379'],
    ['http://web.example.com/', 'http://web.example.com/'],
    ['ftp://web/', 'ftp://web/'],
    ['cache:70000', 'cache:70000'],
    ['ends:80', 'ends:80'],
    ['/data/web', '/data/web'],
  ])('%s', (value, wanted) => {
    expect(env(`environment: {X: ${JSON.stringify(value)}}`).job('a').env).toEqual({ X: wanted })
  })

  it('adds a port that nobody declares, since compose reaches any', () => {
    const imported = env('environment: {X: "db:6000"}')
    expect(imported.job('db').ports).toEqual({ 'port-6000': 6000, postgres: 5432 })
    expect(imported.job('a').env).toEqual({ X: { service: 'db', port: 'port-6000', wait: false } })
  })

  it('is waited for when the service starts after it anyway, also through others', () => {
    const rest = `${others}  b:\n    image: b:1\n    expose: ["1"]\n    depends_on: {cache: {condition: service_healthy}}\n`
    const imported = env(
      'environment: {X: "cache:6379", Y: "db:5432"}\ndepends_on: {b: {condition: service_healthy}}',
      rest,
    )
    expect(imported.job('a').env).toEqual({ X: { service: 'cache' }, Y: { service: 'db', wait: false } })
    expect(imported.entry('a environment.Y').note).toMatch(
      /not waited for, since the job does not depend on it/,
    )
  })

  it.each<[what: string, names: string, wanted: unknown]>([
    [
      'host and port',
      'CACHE_HOST: cache, CACHE_PORT: "6379"',
      {
        CACHE_HOST: { service: 'cache', part: 'host', ...early },
        CACHE_PORT: { service: 'cache', part: 'port', ...early },
      },
    ],
    ['a host alone', 'CACHE_HOST: cache', { CACHE_HOST: { service: 'cache', part: 'host', ...early } }],
    [
      'of several ports one',
      'S3_HOST: store, S3_PORT: 9000',
      {
        S3_HOST: { service: 'store', port: 's3', part: 'host', ...early },
        S3_PORT: { service: 'store', port: 's3', part: 'port', ...early },
      },
    ],
    [
      'other words for host',
      'DB_SERVER: db, DB_PORT: 5432',
      {
        DB_SERVER: { service: 'db', part: 'host', ...early },
        DB_PORT: { service: 'db', part: 'port', ...early },
      },
    ],
    ['a port without a host', 'CACHE_PORT: 6379', { CACHE_PORT: 6379 }],
    [
      'another host',
      'CACHE_HOST: elsewhere, CACHE_PORT: 6379',
      { CACHE_HOST: 'elsewhere', CACHE_PORT: 6379 },
    ],
    ['a virtual host', 'VIRTUAL_HOST: web', { VIRTUAL_HOST: 'web' }],
    ['an image', 'TEST_IMAGE: "cache:7"', { TEST_IMAGE: 'cache:7' }],
  ])('by two variables: %s', (_, names, wanted) => {
    expect(env(`environment: {${names}}`).job('a').env).toEqual(wanted)
  })

  it('by its container name and its aliases', () => {
    const rest =
      '  db:\n    image: p:1\n    container_name: pg\n    expose: ["5432"]\n    networks: {default: {aliases: [sql]}}\n'
    expect(env('environment: {X: "pg:5432", Y: "sql:5432"}', rest).job('a').env).toEqual({
      X: { service: 'db', ...early },
      Y: { service: 'db', ...early },
    })
  })

  it.each<[what: string, rest: string, note: RegExp]>([
    [
      'on another network',
      '  db:\n    image: p:1\n    expose: ["5432"]\n    networks: [n]\nnetworks: {n: {}}\n',
      /shares no network with db/,
    ],
    [
      'in another profile',
      '  db:\n    image: p:1\n    expose: ["5432"]\n    profiles: [x]\n',
      /only with the profile x/,
    ],
    ['that ends', '  db:\n    image: p:1\n    restart: "no"\n', /a batch job, which has no address/],
  ])('stays a text %s, which is told', (_, rest, note) => {
    const imported = env('environment: {X: "db:5432"}', rest)
    expect(imported.job('a').env).toEqual({ X: 'db:5432' })
    expect(imported.entry('a environment.X')).toMatchObject({
      state: 'approximated',
      note: expect.stringMatching(note),
    })
  })

  it('its own name stays and becomes its host name', () => {
    const imported = env('environment: {X: "PLAINTEXT://a:9092"}')
    expect(imported.job('a')).toMatchObject({ hostname: 'a', env: { X: 'PLAINTEXT://a:9092' } })
    const other = env('hostname: b\nenvironment: {X: "a:9092"}')
    expect(other.entry('a environment.X').note).toMatch(/nothing has that name/)
  })

  it('is not meant by an image or a label', () => {
    const imported = importTexts(
      serviceA('image: cache:6379\nlabels: {x: "http://web/"}\nexpose: ["80"]', others),
    )
    expect(imported.job('a')).toMatchObject({ image: 'cache:6379', labels: { x: 'http://web/' } })
  })

  it('that is nowhere named is told of: an image may know it by a name that means nothing here', () => {
    const depends = 'depends_on: {web: {condition: service_healthy}, db: {condition: service_healthy}}'
    const imported = env(`environment: {X: "db:5432"}\n${depends}`)
    expect(imported.assumptions.join()).toMatch(
      /name them nowhere in these files: a \(web\)\. A name inside of an image/,
    )
    expect(env('environment: {X: "db:5432"}').assumptions.join()).not.toMatch(/nowhere/)
  })

  it('in commands and entrypoints', () => {
    const imported = env('command: run --db db:5432 http://web/\nentrypoint: [sh, -c, "wait cache:6379"]')
    expect(imported.job('a')).toMatchObject({
      command: ['run', '--db', [{ service: 'db', ...early }], ['http://', { service: 'web', ...early }, '/']],
      entrypoint: ['sh', '-c', ['wait ', { service: 'cache', ...early }]],
    })
  })
})

describe('whatever services depend on and dial', () => {
  it('the stack has no circle of waiting', () => {
    const size = 6
    const indexes = fc.array(fc.nat(size - 1), { maxLength: 3 })
    const services = fc.array(fc.record({ needs: indexes, dials: indexes, ends: fc.boolean() }), {
      minLength: size,
      maxLength: size,
    })
    fc.assert(
      fc.property(services, (drawn) => {
        const blocks = drawn.map(({ needs, dials, ends }, index) => {
          // Of those before only, as compose itself allows no circle here.
          const earlier = [...new Set(needs.filter((other) => other < index))]
          const condition = (other: number) =>
            drawn[other]?.ends ? 'service_completed_successfully' : 'service_healthy'
          const depends = earlier.map((other) => `s${other}: {condition: ${condition(other)}}`).join(', ')
          const env = dials.map((other, at) => `U${at}: "http://s${other}:80/"`).join(', ')
          const kind = ends
            ? '    deploy: {mode: replicated-job}\n'
            : '    expose: ["80"]\n    healthcheck: {test: "curl localhost:80"}\n'
          return `  s${index}:\n    image: i:1\n${kind}    depends_on: {${depends}}\n    environment: {${env}}\n`
        })
        expect(importTexts(`services:\n${blocks.join('')}`).errors).toEqual([])
      }),
      { numRuns: 150 },
    )
  })
})

describe('ports', () => {
  it.each<[what: string, lines: string, ports: unknown]>([
    ['published', 'ports: ["8080:80"]', { http: { container: 80, publish: 8080 } }],
    ['on loopback', 'ports: ["127.0.0.1:8080:80"]', { http: { container: 80, publish: '127.0.0.1:8080' } }],
    ['on IPv6 loopback', 'ports: ["[::1]:8080:80"]', { http: { container: 80, publish: '127.0.0.1:8080' } }],
    ['on all addresses', 'ports: ["0.0.0.0:8080:80"]', { http: { container: 80, publish: 8080 } }],
    [
      'on one address',
      'ports: ["10.0.0.5:8080:80"]',
      { http: { container: 80, publish: 'address-10-0-0-5:8080' } },
    ],
    ['not published', 'ports: ["80"]', { http: 80 }],
    [
      'a range',
      'ports: ["7000-7001:7000-7001"]',
      { http: { container: 7000, publish: 7000 }, 'http-7001': { container: 7001, publish: 7001 } },
    ],
    ['one of a range', 'ports: ["7000-7009:80"]', { http: { container: 80, publish: 7000 } }],
    ['tcp and udp', 'ports: ["53:53/udp", "53:53/tcp"]', { dns: { container: 53, publish: 53 } }],
    ['twice', 'ports: ["80:80", "8080:80"]', { http: { container: 80, publish: 80 } }],
    ['named', 'ports: [{target: 80, published: "80", name: web}]', { web: { container: 80, publish: 80 } }],
    ['exposed', 'expose: ["5432", "9999/tcp"]', { postgres: 5432, 'port-9999': 9999 }],
    ['checked', 'healthcheck: {test: [CMD, curl, "http://localhost:4000/"]}', { http: 4000 }],
    ['connected to by its check', 'healthcheck: {test: "echo ruok | nc localhost 2181"}', { client: 2181 }],
    ['of an exporter', 'image: prom/node-exporter:1\nexpose: ["9100"]', { metrics: 9100 }],
  ])('%s', (_, lines, ports) => {
    const imported = importTexts(serviceA(lines))
    expect(imported.job('a').ports).toEqual(ports)
    expect(imported.errors).toEqual([])
  })

  it('come in the order dialled, checked, published: the first has the name of the service', () => {
    const rest = '  b:\n    image: b:1\n    expose: ["1"]\n    environment: {X: "a:9000"}\n'
    const lines = 'ports: ["127.0.0.1:9090:9090"]\nhealthcheck: {test: "curl localhost:9001"}'
    expect(Object.values(importTexts(serviceA(lines, rest)).job('a').ports as object)).toEqual([
      9000,
      9001,
      { container: 9090, publish: '127.0.0.1:9090' },
    ])
  })

  it.each([
    ['that docker picks', 'ports: ["80"]', /any free port/],
    ['of udp', 'ports: ["53:53/udp"]', /tcp and udp alike/],
    ['on an address', 'ports: ["10.0.0.5:80:80"]', /host_network address-10-0-0-5 with the address 10.0.0.5/],
    ['out of a range', 'ports: ["8000-8009:80"]', /published on 8000/],
  ])('are told of: %s', (_, lines, note) => {
    expect(importTexts(serviceA(lines)).entry('a ports[0]')).toMatchObject({
      state: 'approximated',
      note: expect.stringMatching(note),
    })
  })

  it('carry what the author says about them', () => {
    const { text } = importTexts(serviceA('ports:\n  - "8080:80"  # 80 is taken on the host'))
    expect(text).toContain('      # 80 is taken on the host\n      http: { container: 80, publish: 8080 }')
  })
})

describe('files of bind mounts', () => {
  const bind = (source: string, file: object, lines = `volumes: ["${source}:/etc/x:ro"]`) =>
    env(lines, others, { binds: { [source]: file as never } })

  it('stay where they are and are embedded from there', () => {
    const imported = bind('./x.conf', { kind: 'file', text: 'plain' })
    expect(imported.job('a').files).toEqual({ '/etc/x': { source: 'docker/x.conf' } })
    expect(bind('../x.conf', { kind: 'file', text: '' }).job('a').files).toEqual({
      '/etc/x': { source: 'x.conf' },
    })
  })

  it('go into the stack with marks when they name services', () => {
    const text =
      'a http://web/ b cache:6379 c cache:6379\n<host>db</host>\n <port>5432</port> @WEB@ ${x} {{y}}\n'
    const imported = bind('./x.conf', { kind: 'file', text })
    expect(imported.job('a').files).toEqual({
      '/etc/x': {
        values: {
          WEB_2: { service: 'web', ...early },
          CACHE: { service: 'cache', ...early },
          DB_HOST: { service: 'db', part: 'host', ...early },
          DB_PORT: { service: 'db', part: 'port', ...early },
        },
        content:
          'a http://@WEB_2@/ b @CACHE@ c @CACHE@\n<host>@DB_HOST@</host>\n <port>@DB_PORT@</port> @WEB@ ${x} {{y}}\n',
      },
    })
    expect(imported.entry('a volumes[0]')).toMatchObject({
      state: 'approximated',
      note: expect.stringMatching(/marks for the addresses/),
    })
  })

  it('stay outside when they are long, which is told', () => {
    const imported = bind('./x.json', { kind: 'file', text: `web:80 ${'x'.repeat(20_000)}` })
    expect(imported.job('a').files).toEqual({ '/etc/x': { source: 'docker/x.json' } })
    expect(imported.entry('a volumes[0]').note).toMatch(/names web, which Nomad does not resolve: too long/)
  })

  it('of a folder come one by one', () => {
    const folder = {
      kind: 'folder',
      files: [
        { path: 'a.yml', text: 'x' },
        { path: 'sub/b.json', text: 'web:80' },
      ],
    }
    expect(bind('./conf', folder).job('a').files).toEqual({
      '/etc/x/a.yml': { source: 'docker/conf/a.yml' },
      '/etc/x/sub/b.json': { values: { WEB: { service: 'web', ...early } }, content: '@WEB@' },
    })
  })

  it.each<[what: string, source: object | undefined, lines: string, note: RegExp]>([
    ['missing', undefined, 'volumes: ["./x:/x"]', /no such file or folder/],
    ['not text', { kind: 'file', why: 'it is larger than 256 KB' }, 'volumes: ["./x:/x"]', /larger than/],
    [
      'a socket',
      { kind: 'other', why: 'it is neither a file nor a folder' },
      'volumes: ["./x:/x"]',
      /neither a file/,
    ],
    [
      'a key',
      { kind: 'file', text: '-----BEGIN RSA PRIVATE KEY-----' },
      'volumes: ["./x:/x:ro"]',
      /private key/,
    ],
    [
      'sources to edit',
      { kind: 'folder', files: [{ path: 'a.py', text: '' }] },
      'volumes: ["./x:/x"]',
      /may write/,
    ],
    ['empty', { kind: 'folder', files: [] }, 'volumes: ["./x:/x:ro"]', /empty/],
    [
      'too much',
      { kind: 'folder', why: 'it holds more than 20 files' },
      'volumes: ["./x:/x:ro"]',
      /more than 20/,
    ],
  ])('stay on the node: %s', (_, source, lines, note) => {
    const imported = env(lines, others, source ? { binds: { './x': source as never } } : {})
    expect(imported.job('a').volumes).toEqual([expect.objectContaining({ host: '/srv/app/x', to: '/x' })])
    expect(imported.entry('a volumes[0]')).toMatchObject({
      state: 'approximated',
      note: expect.stringMatching(note),
    })
    expect(imported.stack.cluster).toMatchObject({ docker_volumes: true })
  })

  it('the paths of the node itself are mapped as they are', () => {
    const homeOfNomad = '/root'
    const imported = env('volumes: ["/var/run/docker.sock:/s", "~/x:/y"]')
    expect(imported.job('a').volumes).toEqual([
      { host: '/var/run/docker.sock', to: '/s' },
      { host: `${homeOfNomad}/x`, to: '/y' },
    ])
    expect(imported.entry('a volumes[0]').state).toBe('mapped')
    expect(imported.entry('a volumes[1]').state).toBe('approximated')
  })
})

describe('volumes', () => {
  it('keep the names under which docker has them', () => {
    const rest =
      'volumes:\n  data: {}\n  named: {name: other}\n  ext: {external: true}\n  local: {driver: local}\n  nfs: {driver: local, driver_opts: {type: nfs}}\n  rex: {driver: rexray}\n'
    const lines = 'volumes: ["data:/d", "named:/n:ro", "ext:/e", "local:/l", "nfs:/nfs", "rex:/x"]'
    const imported = env(lines, rest)
    expect(imported.stack.volumes).toEqual({
      data: { type: 'docker' },
      named: { type: 'docker', source: 'other' },
      ext: { type: 'docker', source: 'ext' },
      local: { type: 'docker' },
      nfs: { type: 'docker', driver: 'local', options: { type: 'nfs' } },
      rex: { type: 'docker', driver: 'rexray' },
    })
    expect((imported.job('a').volumes as object[])[1]).toEqual({ volume: 'named', to: '/n', read_only: true })
  })

  it('without a name are dropped, in memory become tmpfs', () => {
    const imported = env('volumes: ["/app/node_modules", {type: tmpfs, target: /t, tmpfs: {size: 1m}}]')
    expect(imported.job('a')).not.toHaveProperty('volumes')
    expect(imported.job('a').tmpfs).toEqual({ '/t': { size: '1MB' } })
    expect(imported.entry('a volumes[0]')).toMatchObject({
      state: 'dropped',
      note: expect.stringMatching(/nothing is mounted at \/app\/node_modules/),
    })
  })
})

describe('a job that runs inside of others', () => {
  it('is on their networks and waits for what they wait for', () => {
    const rest = `  init:
    image: alpine:3
    networks: []
    volumes: ["./conf:/conf:ro"]
    command: copy
  zk:
    image: zk:1
    networks: [n]
networks: {n: {}}
`
    const lines =
      'networks: [n]\ndepends_on: {init: {condition: service_completed_successfully}, zk: {condition: service_healthy}}'
    const files = [{ path: 'c.xml', text: '<host>zk</host><port>2181</port><host>a</host><port>9000</port>' }]
    const imported = env(lines, rest, { binds: { './conf': { kind: 'folder', files } } })
    expect(imported.job('init')).toMatchObject({
      networks: ['n'],
      files: {
        '/conf/c.xml': {
          values: { ZK_HOST: { service: 'zk', part: 'host' }, ZK_PORT: { service: 'zk', part: 'port' } },
          content: '<host>@ZK_HOST@</host><port>@ZK_PORT@</port><host>a</host><port>9000</port>',
        },
      },
    })
    expect(imported.job('a')).toMatchObject({ hostname: 'a', ports: { http: 80, 'port-9000': 9000 } })
  })
})
