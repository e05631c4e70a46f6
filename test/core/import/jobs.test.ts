import { describe, expect, it } from 'vitest'
import { importTexts, serviceA } from './import-texts.ts'

const db = '  db:\n    image: postgres:16\n'
const keep = 'expose: ["80"]\n'

describe('one key of a service', () => {
  it.each<[what: string, lines: string, job: object]>([
    ['image', 'image: nginx:1.25', { image: 'nginx:1.25' }],
    ['an image with a default', 'image: "nginx:${TAG:-1.25}"', { image: 'nginx:1.25' }],
    ['a command text', 'command: run --flag "two words"', { command: ['run', '--flag', 'two words'] }],
    ['a folded command', 'command: >\n  run\n  --flag', { command: ['run', '--flag'] }],
    ['a command list', 'command: [run, "a b"]', { command: ['run', 'a b'] }],
    [
      'an entrypoint text',
      `entrypoint: /bin/sh -c "echo 'x'; run"`,
      { entrypoint: ['/bin/sh', '-c', "echo 'x'; run"] },
    ],
    [
      '$$ is a dollar',
      'command: [sh, -c, "echo $$HOME $${X}"]',
      { command: ['sh', '-c', 'echo $HOME ${X}'] },
    ],
    [
      'user, folder, host name',
      'user: "1000:1000"\nworking_dir: /app\nhostname: web',
      { user: '1000:1000', work_dir: '/app', hostname: 'web' },
    ],
    ['read_only', 'read_only: true', { read_only: true }],
    ['read_only false', 'read_only: false', { read_only: undefined }],
    [
      'security_opt',
      'security_opt: ["no-new-privileges:true"]',
      { security_opt: ['no-new-privileges:true'] },
    ],
    ['capabilities', 'cap_add: [NET_ADMIN]\ncap_drop: [ALL]', { cap_add: ['NET_ADMIN'], cap_drop: ['ALL'] }],
    [
      'ulimits',
      'ulimits: {nproc: 9, nofile: {soft: 1, hard: 2}}',
      { ulimits: { nproc: 9, nofile: { soft: 1, hard: 2 } } },
    ],
    ['labels', 'labels: [a.b=c, "n=1", empty]', { labels: { 'a.b': 'c', n: '1', empty: '' } }],
    ['profiles', 'profiles: [debug]', { profiles: ['debug'] }],
    ['replicas', 'deploy: {replicas: 3}', { count: 3 }],
    ['scale', 'scale: 2', { count: 2 }],
    ['replicas: 1 is the default', 'deploy: {replicas: 1}', { count: undefined }],
    ['stop_grace_period', 'stop_grace_period: 1m30s', { kill_timeout: '1m30s' }],
    ['stop_signal', 'stop_signal: QUIT', { kill_signal: 'SIGQUIT' }],
    ['restart', 'restart: unless-stopped', { restart: undefined }],
    ['restart no', 'restart: "no"', { restart: 'never' }],
    [
      'restart on-failure',
      'restart: on-failure:5',
      { restart: { attempts: 5, interval: '10m', delay: '15s', mode: 'fail' } },
    ],
    [
      'limits',
      'deploy: {resources: {limits: {cpus: "0.5", memory: 512M}}}',
      { resources: { cpu: 0.5, memory: '512MB' } },
    ],
    [
      'limits and reservations',
      'deploy: {resources: {limits: {cpus: 2, memory: 1G}, reservations: {cpus: 0.5, memory: 128M}}}',
      { resources: { cpu: 2, cpu_reservation: 0.5, memory: '1GB', memory_reservation: '128MB' } },
    ],
    [
      'equal limit and reservation',
      'deploy: {resources: {limits: {memory: 1G}, reservations: {memory: 1024M}}}',
      { resources: { memory: '1GB' } },
    ],
    [
      'reservations only',
      'deploy: {resources: {reservations: {cpus: 0.5, memory: 1G}}}',
      { resources: { cpu: 0.5, memory: '1GB' } },
    ],
    [
      'old keys',
      'cpus: 0.5\nmem_limit: 100m\npids_limit: 50',
      { resources: { cpu: 0.5, memory: '100MB' }, config: { pids_limit: 50 } },
    ],
    [
      'tmpfs',
      'tmpfs: ["/tmp:size=50M,mode=1770", /run]',
      { tmpfs: { '/tmp': { size: '50MB', mode: '1770' }, '/run': {} } },
    ],
    [
      'shm, init, tty',
      'shm_size: 64m\ninit: true\ntty: true',
      { config: { shm_size: 67108864, init: true, tty: true } },
    ],
    [
      'host name spaces',
      'pid: host\nipc: host\nprivileged: true',
      { config: { pid_mode: 'host', ipc_mode: 'host', privileged: true } },
    ],
    [
      'sysctls',
      'sysctls: {net.core.somaxconn: 1024}',
      { config: { sysctl: { 'net.core.somaxconn': '1024' } } },
    ],
    [
      'devices',
      'devices: ["/dev/fuse:/dev/x:rw"]',
      {
        config: { devices: [{ host_path: '/dev/fuse', container_path: '/dev/x', cgroup_permissions: 'rw' }] },
      },
    ],
    ['extra_hosts', 'extra_hosts: {h: 10.0.0.1}', { config: { extra_hosts: ['h:10.0.0.1'] } }],
    ['pull_policy always', 'pull_policy: always', { config: { force_pull: true } }],
    [
      'another log driver',
      'logging: {driver: syslog, options: {tag: t}}',
      { config: { logging: { driver: 'syslog', config: { tag: 't' } } } },
    ],
    [
      'platform',
      'platform: linux/arm64',
      { constraints: [{ attribute: '${attr.cpu.arch}', value: 'arm64' }] },
    ],
    [
      'placement',
      'deploy: {placement: {constraints: ["node.labels.zone == eu", "node.hostname != h1"], preferences: [{spread: node.labels.rack}]}}',
      {
        constraints: [
          { attribute: '${meta.zone}', value: 'eu' },
          { attribute: '${attr.unique.hostname}', operator: '!=', value: 'h1' },
        ],
        spread: [{ attribute: '${meta.rack}' }],
      },
    ],
    [
      'update_config',
      'deploy: {update_config: {parallelism: 2, monitor: 20s, failure_action: pause}}',
      { update: { max_parallel: 2, min_healthy_time: '20s', auto_revert: false } },
    ],
    ['deploy labels', 'deploy: {labels: {team: web}}', { meta: { team: 'web' } }],
    ['no network at all', 'networks: []', { networks: [] }],
    ['the default network', 'networks: [default]', { networks: undefined }],
    ['a comment as description', 'environment: {X: 1}', { description: 'Serves pages.' }],
  ])('%s', (what, lines, job) => {
    const own = what.startsWith('no network') ? '' : keep
    const text = serviceA(own + lines).replace('  a:\n', '  # --- Serves pages. ---\n  a:\n')
    const imported = importTexts(text)
    const found = imported.job('a')
    expect(Object.fromEntries(Object.keys(job).map((key) => [key, found[key]]))).toEqual(job)
    expect(imported.errors).toEqual([])
    expect(imported.lines).toEqual([])
  })

  it.each<[what: string, lines: string, key: string, state: string, note: RegExp]>([
    ['container_name', 'container_name: x', 'container_name', 'dropped', /nomad alloc exec/],
    ['an unknown signal', 'stop_signal: "9"', 'stop_signal', 'dropped', /by their names/],
    [
      'restart policy numbers',
      'deploy: {restart_policy: {condition: any, delay: 5s}}',
      'deploy.restart_policy.delay',
      'dropped',
      /restarts after/,
    ],
    [
      'an option of a log',
      'logging: {options: {max-size: 1m, compress: "true"}}',
      'logging.options.compress',
      'dropped',
      /keeps the logs/,
    ],
    [
      'a label of a role',
      'deploy: {placement: {constraints: ["node.role == manager"]}}',
      'deploy.placement.constraints[0]',
      'dropped',
      /says nothing about a node/,
    ],
    ['a tmpfs option', 'tmpfs: "/tmp:size=1M,noexec"', 'tmpfs[0]', 'approximated', /without noexec/],
    ['an empty entrypoint', 'entrypoint: []', 'entrypoint', 'dropped', /Nomad cannot/],
    ['network_mode host', 'network_mode: host', 'network_mode', 'dropped', /network of its own/],
    [
      'a long device',
      'devices: [{source: /dev/x, target: /dev/x}]',
      'devices[0].source',
      'dropped',
      /long form/,
    ],
    [
      'a priority of a network',
      'networks: {default: {priority: 5}}',
      'networks.default.priority',
      'dropped',
      /joins a network/,
    ],
    [
      'an app protocol',
      'ports: [{target: 80, published: 80, app_protocol: http}]',
      'ports[0].app_protocol',
      'dropped',
      /what a port speaks/,
    ],
    [
      'a cache of the build',
      'build: {context: ., cache_from: [x]}',
      'build.cache_from[0]',
      'dropped',
      /does not build/,
    ],
    ['extension', 'x-own: {a: 1}', 'x-own', 'mapped', /means nothing by itself/],
  ])('tells of %s', (_, lines, key, state, note) => {
    const entry = importTexts(serviceA(keep + lines)).entry(`a ${key}`)
    expect(entry.state).toBe(state)
    expect(entry.note).toMatch(note)
  })
})

describe('images that compose builds', () => {
  it('are named after the first service with the same build, so that services share them', () => {
    const services = ['api', 'worker', 'other']
      .map(
        (name) =>
          `  ${name}:\n    build: {context: ., target: ${name === 'other' ? 'dev' : 'prod'}}\n    expose: ["80"]\n`,
      )
      .join('')
    const imported = importTexts(`name: shop\nservices:\n${services}`)
    expect(['api', 'worker', 'other'].map((name) => imported.job(name).image)).toEqual([
      'shop/api:prod',
      'shop/api:prod',
      'shop/other:dev',
    ])
    expect(imported.entry('api build.context')).toMatchObject({
      state: 'approximated',
      note: expect.stringMatching(/push the image as shop\/api:prod/),
    })
    expect(imported.assumptions.join()).toContain('shop/api:prod, shop/other:dev')
  })

  it('keep the name that the file gives them', () => {
    const imported = importTexts(serviceA('image: reg/a:2\nbuild: .\nexpose: ["80"]'))
    expect(imported.job('a').image).toBe('reg/a:2')
  })
})

describe('an image that needs a value', () => {
  it('is an error with its place', () => {
    const { lines } = importTexts(serviceA('image: "a:${TAG}"\nexpose: ["80"]'))
    expect(lines).toEqual([
      'compose.yml:4:5 services.a.image: image needs the value of TAG, which can be no secret (put TAG= into a file and give it with --env-file)',
    ])
    expect(
      importTexts(serviceA('image: "a:${TAG}"\nexpose: ["80"]'), { env: { TAG: '3' } }).job('a').image,
    ).toBe('a:3')
  })

  it.each([
    ['a port', 'ports: ["${PORT}:80"]'],
    ['a volume', 'volumes: ["${DATA}/x:/x"]'],
    ['a limit', 'deploy: {resources: {limits: {memory: "${MEMORY}"}}}'],
    ['an interval', 'healthcheck: {test: "true", interval: "${EVERY}"}'],
  ])('%s too', (_, lines) => {
    const found = importTexts(serviceA(lines)).lines
    expect(
      found.some((line) =>
        /^compose.yml:5:\d+ services.a\..*: needs the value of [A-Z]+, which can be no secret here/.test(
          line,
        ),
      ),
    ).toBe(true)
  })
})

describe('what a service becomes', () => {
  it.each<[what: string, lines: string, section: string, rest?: string]>([
    ['with a port', 'ports: ["80:80"]', 'services'],
    ['that is started once', 'command: run', 'batch'],
    ['that is never restarted', 'restart: "no"', 'batch'],
    ['never restarted, but checked', 'restart: "no"\nhealthcheck: {test: "curl localhost:80"}', 'services'],
    ['kept alive, without ports', 'restart: always', 'services'],
    [
      'others wait for to complete',
      'restart: always\nexpose: ["80"]',
      'batch',
      '  b:\n    image: b:1\n    expose: ["80"]\n    depends_on: {a: {condition: service_completed_successfully}}\n',
    ],
    [
      'others dial',
      'environment: {X: 1}',
      'services',
      '  b:\n    image: b:1\n    expose: ["80"]\n    depends_on: [a]\n',
    ],
    ['on every node', 'deploy: {mode: global}\nexpose: ["80"]', 'system'],
    ['that looks at the node', 'volumes: ["/proc:/host/proc:ro"]\nrestart: always', 'system'],
    ["that looks at docker's containers", 'volumes: ["/var/lib/docker/containers:/c:ro"]', 'system'],
    [
      'that only has the socket',
      'volumes: ["/var/run/docker.sock:/var/run/docker.sock"]\nports: ["80:80"]',
      'services',
    ],
    ['a Celery worker', 'command: celery -A app worker -Q q', 'workers'],
    [
      'a Celery worker in a script',
      'command: [sh, -c, "migrate && celery -A app worker -Q celery"]',
      'workers',
    ],
    ['Celery beat', 'command: celery -A app beat\nrestart: always', 'services'],
    ['a job mode', 'deploy: {mode: replicated-job}', 'batch'],
  ])('%s', (_, lines, section, rest) => {
    const { stack } = importTexts(serviceA(lines, rest))
    expect(Object.keys(stack[section] as object)).toContain('a')
  })

  it('says why, at the key that decided and in the stack', () => {
    const imported = importTexts(serviceA('volumes: ["/:/rootfs:ro"]\nrestart: always'))
    expect(imported.entry('a volumes[0]')).toMatchObject({
      state: 'approximated',
      note: expect.stringMatching(/so every node needs one/),
    })
    expect(imported.text).toContain('# It looks at / of the node it runs on, so every node needs one.\n  a:')
  })
})

describe('names', () => {
  it('become lower case and stay apart', () => {
    const services = ['Web.UI', 'web-ui', '_x_']
      .map((name) => `  ${name}:\n    image: i:1\n    ports: ["80"]\n`)
      .join('')
    const { stack, assumptions } = importTexts(`name: My App\nservices:\n${services}`)
    expect(stack.name).toBe('my-app')
    expect(Object.keys(stack.services as object)).toEqual(['web-ui-2', 'web-ui', 'x'])
    expect(assumptions.join()).toContain('The service Web.UI is web-ui-2 in the stack')
  })
})

describe('dependencies', () => {
  it.each<[what: string, lines: string, wanted: unknown, rest?: string]>([
    ['healthy', 'depends_on: {db: {condition: service_healthy}}', ['db']],
    ['started, the short form', 'depends_on: [db]', { db: 'started' }],
    [
      'mixed',
      'depends_on: {db: {condition: service_healthy}, c: {condition: service_started}}',
      { db: 'healthy', c: 'started' },
      `${db}    expose: ["5432"]\n  c:\n    image: c:1\n    expose: ["1"]\n`,
    ],
    [
      'completed',
      'depends_on: {db: {condition: service_completed_successfully}}',
      { db: 'completed' },
      '  db:\n    image: b:1\n',
    ],
    [
      'started, on a job that ends',
      'depends_on: [db]',
      { db: 'completed' },
      '  db:\n    image: b:1\n    deploy: {mode: replicated-job}\n',
    ],
  ])('%s', (_, lines, wanted, rest = `${db}    expose: ["5432"]\n`) => {
    const imported = importTexts(serviceA(keep + lines, rest))
    expect(imported.job('a').depends_on).toEqual(wanted)
    expect(imported.errors).toEqual([])
  })

  it.each<[what: string, rest: string, note: RegExp]>([
    ['nobody can see', '  db:\n    image: b:1\n    restart: always\n', /no port and no check/],
    ['another profile has', `${db}    expose: ["5432"]\n    profiles: [x]\n`, /only with the profile x/],
    [
      'another network has',
      `${db}    expose: ["5432"]\n    networks: [n]\nnetworks: {n: {}}\n`,
      /shares no network/,
    ],
  ])('on what %s are dropped with a reason', (_, rest, note) => {
    const imported = importTexts(serviceA(`${keep}depends_on: [db]`, rest))
    expect(imported.job('a')).not.toHaveProperty('depends_on')
    expect(imported.entry('a depends_on.db')).toMatchObject({
      state: 'dropped',
      note: expect.stringMatching(note),
    })
    expect(imported.errors).toEqual([])
  })
})
