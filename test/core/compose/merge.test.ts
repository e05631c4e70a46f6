import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ComposeService } from '../../../src/core/compose/service.ts'
import { bare, readTexts, service } from './read-texts.ts'

/** Service `a` after laying the second text over the first. */
const merged = (base: string, over: string): ComposeService => {
  const { model, lines } = readTexts({ 'base.yml': service(base), 'over.yml': service(over) })
  expect(lines).toEqual([])
  return model.services.a as ComposeService
}
const texts = (list: readonly unknown[]) => list.map(bare)

describe('two files', () => {
  it('replace single values', () => {
    expect(bare(merged('restart: always\nuser: root', 'restart: unless-stopped'))).toMatchObject({
      restart: { policy: 'unless-stopped' },
      user: 'root',
    })
  })

  it.each([
    ['map and list', 'environment:\n  A: 1\n  B: 2', 'environment:\n  - B=3\n  - C=4'],
    ['list and map', 'environment:\n  - A=1\n  - B=2', 'environment:\n  B: 3\n  C: 4'],
    ['two lists', 'environment:\n  - A=1\n  - B=2', 'environment:\n  - B=3\n  - C=4'],
  ])('merge environments by name: %s', (_, base, over) => {
    expect(bare(merged(base, over).environment)).toEqual({ A: '1', B: '3', C: '4' })
  })

  it('let a bare name take its value from the shell again', () => {
    expect(bare(merged('environment: [A=1]', 'environment: [A]').environment)).toEqual({ A: null })
  })

  it('merge labels, build arguments and sysctls by name', () => {
    const result = merged(
      'labels: [a.b=1, c=2]\nsysctls: {x: 1}\nbuild: {context: ., args: [A=1]}',
      'labels: {c: 3}\nsysctls: [x=2, y=3]\nbuild: {target: t, args: {B: 2}}',
    )
    expect(bare([result.labels, result.sysctls, result.build])).toMatchObject([
      { 'a.b': '1', c: '3' },
      { x: '2', y: '3' },
      { context: '.', target: 't', args: { A: '1', B: '2' } },
    ])
  })

  it('read a short build as its context', () => {
    expect(bare(merged('build: ./a', 'build: {target: t}').build)).toMatchObject({
      context: './a',
      target: 't',
    })
  })

  it('join ports, one for each address, published port, target and protocol', () => {
    const { ports } = merged(
      'ports: ["80:80", "127.0.0.1:53:53/udp", "9000"]',
      'ports:\n  - "80:80"\n  - {target: 53, published: 53, host_ip: 127.0.0.1, protocol: udp}\n  - "81:80"\n  - 9000',
    )
    expect(texts(ports)).toEqual([
      { target: 80, published: 80, protocol: 'tcp' },
      { target: 53, published: 53, hostIp: '127.0.0.1', protocol: 'udp' },
      { target: 9000, protocol: 'tcp' },
      { target: 80, published: 81, protocol: 'tcp' },
    ])
  })

  it('replace volumes, tmpfs, devices, secrets and configs by what they are mounted on', () => {
    const top =
      'volumes: {vol: {}, wol: {}}\nsecrets: {s: {file: ./s}, t: {file: ./t}}\nconfigs: {c: {file: ./c}}\n'
    const { model, lines } = readTexts({
      'base.yml': service(
        'volumes: ["vol:/d:ro", /x]\ntmpfs: "/t:size=1M"\nsecrets: [s]\nconfigs: [c]\ndevices: ["/dev/a:/dev/x"]',
        top,
      ),
      'over.yml': service(
        'volumes: [{type: volume, source: wol, target: /d}]\ntmpfs: ["/t:size=2M", /u]\nsecrets: [{source: t, target: s}]\nconfigs: [{source: c, target: /c, mode: 0440}]\ndevices: ["/dev/b:/dev/x"]',
      ),
    })
    expect(lines).toEqual([])
    const { volumes, tmpfs, secrets, configs, devices } = model.services.a as ComposeService
    expect(texts(volumes)).toEqual([
      { type: 'volume', source: 'wol', target: '/d', readOnly: false },
      { type: 'volume', target: '/x', readOnly: false },
    ])
    expect(texts(tmpfs)).toEqual([
      { target: '/t', sizeBytes: 2 * 1024 ** 2, options: [] },
      { target: '/u', options: [] },
    ])
    expect(texts(secrets)).toEqual([{ source: 't', target: '/run/secrets/s' }])
    expect(texts(configs)).toEqual([{ source: 'c', target: '/c', mode: 0o440 }])
    expect(texts(devices)).toEqual(['/dev/b:/dev/x'])
  })

  it('append other lists, each text once', () => {
    const result = merged(
      'security_opt: [a]\ncap_add: [X]\ndns: 1.1.1.1\nexpose: ["80"]\nprofiles: [p]',
      'security_opt: [a, b]\ncap_add: [Y]\ndns: [8.8.8.8]\nexpose: [80/tcp, 81]\nprofiles: [q]',
    )
    expect(texts(result.securityOpt)).toEqual(['a', 'b'])
    expect(texts(result.capAdd)).toEqual(['X', 'Y'])
    expect(texts(result.dns)).toEqual(['1.1.1.1', '8.8.8.8'])
    expect(texts(result.expose)).toEqual(['80/tcp', '81'])
    expect(texts(result.profiles)).toEqual(['p', 'q'])
  })

  it('replace commands, entrypoints and health tests whole and merge the rest of a check', () => {
    const result = merged(
      'command: [a, b]\nentrypoint: x y\nhealthcheck: {test: [CMD, a], interval: 10s, retries: 3}',
      'command: c\nentrypoint: []\nhealthcheck: {test: b, interval: 1m30s}',
    )
    expect(bare(result.command)).toEqual(['c'])
    expect(bare(result.entrypoint)).toEqual([])
    expect(bare(result.healthcheck)).toMatchObject({
      test: { kind: 'shell', command: ['b'] },
      intervalMs: 90_000,
      retries: 3,
    })
  })

  it('merge deploy deeply', () => {
    const { resources, count } = merged(
      'deploy: {replicas: 2, resources: {limits: {cpus: "1", memory: 1G}}}',
      'deploy: {resources: {limits: {memory: 2G}, reservations: {cpus: 0.5}}}',
    )
    expect(bare({ ...resources, count })).toEqual({
      cpuLimit: 1,
      cpuReservation: 0.5,
      memoryLimitBytes: 2 * 1024 ** 3,
      count: 2,
    })
  })

  it('merge short and long dependencies and networks', () => {
    const { model, lines } = readTexts({
      'base.yml':
        'services:\n  a: {image: i, depends_on: [b, c], networks: [n]}\n  b: {image: i}\n  c: {image: i}\nnetworks: {n: {}, m: {}}',
      'over.yml':
        'services:\n  a:\n    depends_on: {b: {condition: service_healthy, restart: true}}\n    networks: {n: {aliases: [x]}, m: }',
    })
    expect(lines).toEqual([])
    expect(bare(model.services.a?.dependsOn)).toEqual({
      b: { condition: 'healthy', restart: true, required: true },
      c: { condition: 'started', restart: false, required: true },
    })
    expect(bare(model.services.a?.networks)).toEqual({ n: { aliases: ['x'] }, m: { aliases: [] } })
  })

  it('keep logging options for the same driver only', () => {
    const base = 'logging: {driver: json-file, options: {max-size: 10m}}'
    expect(bare(merged(base, 'logging: {options: {max-file: 3}}').logging)).toEqual({
      driver: 'json-file',
      options: { 'max-size': '10m', 'max-file': '3' },
    })
    expect(bare(merged(base, 'logging: {driver: syslog}').logging)).toEqual({ driver: 'syslog', options: {} })
  })

  it('replace a ulimit of another form', () => {
    expect(
      bare(merged('ulimits: {nofile: {soft: 1, hard: 2}, nproc: 5}', 'ulimits: {nofile: 9}').ulimits),
    ).toEqual({
      nofile: { soft: 9, hard: 9 },
      nproc: { soft: 5, hard: 5 },
    })
  })

  it('leave what an empty value stands over', () => {
    expect(bare(merged('environment: {A: 1}\nuser: root', 'environment:\nuser:'))).toMatchObject({
      environment: { A: '1' },
      user: 'root',
    })
  })

  it('merge services, volumes, networks and the name of the project', () => {
    const { model } = readTexts({
      'base.yml': 'name: one\nservices: {a: {image: i}}\nvolumes: {v: }\nnetworks: {n: {driver: bridge}}',
      'over.yml':
        'name: two\nservices: {b: {image: j}}\nvolumes: {v: {name: vv}, w: {}}\nnetworks: {n: {internal: true}}',
    })
    expect(bare(model.name)).toBe('two')
    expect(Object.keys(model.services)).toEqual(['a', 'b'])
    expect(bare(model.volumes)).toMatchObject({ v: { name: 'vv' }, w: {} })
    expect(bare(model.networks)).toMatchObject({ n: { driver: 'bridge', internal: true } })
  })
})

describe('!override and !reset', () => {
  it.each([
    [
      'a list',
      'ports: ["80:80"]',
      'ports: !override ["81:80"]',
      { ports: [{ target: 80, published: 81, protocol: 'tcp' }] },
    ],
    ['a map', 'environment: {A: 1}', 'environment: !override {B: 2}', { environment: { B: '2' } }],
    [
      'nested',
      'deploy: {resources: {limits: {cpus: 1, memory: 1G}}}',
      'deploy: {resources: {limits: !override {cpus: 2}}}',
      { resources: { cpuLimit: 2 } },
    ],
  ])('override replaces %s', (_, base, over, expected) => {
    expect(bare(merged(base, over))).toMatchObject(expected)
    expect(bare(merged(base, over))).not.toHaveProperty('resources.memoryLimitBytes')
  })

  it('reset removes a key, an entry and a value that only its own file has', () => {
    const result = merged(
      'ports: ["80:80"]\nenvironment: {A: 1, B: 2}\ncommand: x\nuser: !reset root',
      'ports: !reset []\nenvironment: {A: !reset null}\ncommand: !reset null\nread_only: !reset true',
    )
    expect(bare([result.ports, result.environment])).toEqual([[], { B: '2' }])
    expect(result).not.toHaveProperty('command')
    expect(result).not.toHaveProperty('user')
    expect(result).not.toHaveProperty('readOnly')
  })

  it('a third file may set again what the second one reset', () => {
    const { model } = readTexts({
      '1.yml': service('command: a\nports: ["1:1"]'),
      '2.yml': service('command: !reset null\nports: !reset []'),
      '3.yml': service('command: c\nports: ["3:3"]'),
    })
    expect(bare(model.services.a)).toMatchObject({ command: ['c'], ports: [{ target: 3 }] })
  })
})

describe('anchors and <<', () => {
  it('merge before everything else, the written key winning', () => {
    const { model } = readTexts({
      'c.yml': `
x-env: &env {A: 1, B: 2}
x-base: &base
  restart: always
  environment: *env
services:
  a:
    <<: *base
    image: i
  b:
    <<: *base
    image: i
    environment: {<<: *env, B: 3}
`,
    })
    expect(bare(model.services.a)).toMatchObject({
      restart: { policy: 'always' },
      environment: { A: '1', B: '2' },
    })
    expect(bare(model.services.b)).toMatchObject({ environment: { A: '1', B: '3' } })
  })
})

describe('laws', () => {
  const names = fc.constantFrom('A', 'B', 'C')
  const lines = fc.record(
    {
      environment: fc.dictionary(names, fc.constantFrom('1', '2')),
      labels: fc.array(
        fc.tuple(names, fc.nat(3)).map(([name, value]) => `${name}=${value}`),
        { maxLength: 3 },
      ),
      ports: fc.uniqueArray(fc.constantFrom('80:80', '81:80', '443'), { maxLength: 3 }),
      command: fc.oneof(fc.constant('a b'), fc.constant(['c'])),
      security_opt: fc.uniqueArray(names, { maxLength: 2 }),
    },
    { requiredKeys: [] },
  )
  const file = (content: object) => JSON.stringify({ services: { a: { image: 'i', ...content } } })
  const read = (...contents: object[]) =>
    bare(
      readTexts(Object.fromEntries(contents.map((content, index) => [`${index}.yml`, file(content)]))).model
        .services,
    )

  it('a file over itself changes nothing', () => {
    fc.assert(
      fc.property(lines, (content) => {
        expect(read(content, content)).toEqual(read(content))
      }),
      { numRuns: 50 },
    )
  })

  it('an empty file over another changes nothing', () => {
    fc.assert(
      fc.property(lines, (content) => {
        expect(read(content, {})).toEqual(read(content))
      }),
      { numRuns: 50 },
    )
  })

  it('what the last file says holds, whatever is below', () => {
    fc.assert(
      fc.property(lines, lines, (below, above) => {
        const { a } = read(below, above) as { a: { environment: Record<string, string>; ports: unknown[] } }
        expect(a.environment).toMatchObject(above.environment ?? {})
        expect(a.ports.length).toBe(new Set([...(below.ports ?? []), ...(above.ports ?? [])]).size)
      }),
      { numRuns: 50 },
    )
  })
})
