import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linesOf, lint } from '../../helpers/a-stack.ts'
import { type RuleCase, testCases } from '../../helpers/rule-cases.ts'

const VARIABLES: RuleCase[] = [
  [
    'names that Drover needs',
    'reserved-variable',
    'services: {a: {image: "x:1", env: {DROVER_ARGUMENT_2: x, DROVER_ARGUMENT_X: x}}}',
    ["services.a.env.DROVER_ARGUMENT_2: the variable DROVER_ARGUMENT_2 is Drover's own"],
  ],
  [
    'variables that stay as they are',
    'runtime-variable-unknown',
    `secrets: {s: {}}
services:
  a:
    image: x:\${TAG}
    command: serve --port \${PORT} --host \${HOST:-0.0.0.0}
    env: {PLAIN: a, SECRET: {secret: s}, ONE: '\${PLAIN} \${SECRET} \${OTHER}', TWO: ['\${PLAIN}', {secret: s}]}
    labels: {l: '\${LABEL}'}
    config: {sysctl: {k: '\${SYSCTL}'}}
    checks: [{type: script, command: 'ping \${WHERE}'}]`,
    [
      'services.a.env.ONE: ${SECRET} stays as it is: no variable of a has that name and a value without secrets and addresses',
      'services.a.env.ONE: ${OTHER} stays as it is: no variable of a has that name and a value without secrets and addresses',
      'services.a.env.TWO: ${PLAIN} stays as it is: Nomad fills in nothing beside a secret or an address',
      'services.a.command.2: ${PORT} stays as it is: a has no such variable',
      'services.a.command.4: ${HOST} stays as it is: only a shell knows the form ${NAME:-DEFAULT}',
      'services.a.checks.0.command.1: ${WHERE} stays as it is: a has no such variable',
      'services.a.image: ${TAG} stays as it is: a has no such variable',
      'services.a.config.sysctl: ${SYSCTL} stays as it is: a has no such variable',
      'services.a.labels.l: ${LABEL} stays as it is: a has no such variable',
    ],
  ],
  [
    'variables that Nomad or a shell fills in, and files',
    'runtime-variable-unknown',
    `secrets: {s: {}}
services:
  a:
    image: x:1
    env: {PORT: 80, SECRET: {secret: s}, ME: '\${NOMAD_ALLOC_ID} \${attr.kernel.name} \${PORT}'}
    command: 'serve \${PORT} \${SECRET} \${NOMAD_ALLOC_ID} \${node.unique.name}'
    init:
      i: {image: 'x:1', command: [sh, -c, 'echo \${X:-y} \${Z}']}
      j: {image: 'x:1', entrypoint: [/bin/bash, -c], command: ['echo \${Z}']}
    checks: [{type: script, command: [sh, -c, ['echo \${Z}', {secret: s}]]}]
    files: {/f: {content: '\${ANY}'}}`,
    [],
  ],
  [
    'variables that Nomad does not set',
    'nomad-variable-unknown',
    'services: {a: {image: "x:1", ports: {p-1: {container: 1, publish: "lan:80"}}, meta: {zone.a: x}, command: "x ${NOMAD_PORT_p} ${NOMAD_ALLOC_IDX} ${NOMAD_META_b}"}}',
    [
      'services.a.command.1: Nomad sets no NOMAD_PORT_p in a',
      'services.a.command.2: Nomad sets no NOMAD_ALLOC_IDX in a',
      'services.a.command.3: Nomad sets no NOMAD_META_b in a',
    ],
  ],
  [
    'variables that it sets',
    'nomad-variable-unknown',
    'services: {a: {image: "x:1", ports: {p-1: {container: 1, publish: "lan:80"}}, meta: {zone.a: x}, command: "x ${NOMAD_PORT_p_1} ${NOMAD_ADDR_p_1_lan} ${NOMAD_META_zone_a} ${NOMAD_META_ZONE_A} ${NOMAD_META_drover_stack} ${NOMAD_DC}"}}',
    [],
  ],
  [
    'variables that a patch may add',
    'nomad-variable-unknown',
    'services: {a: {image: "x:1", command: "x ${NOMAD_META_b}", x-nomad: {meta: {b: c}}}}',
    [],
  ],
]

describe('rules on variables', () => {
  testCases(VARIABLES)

  const length = (code: string, env: object) =>
    linesOf(code, { secrets: { s: {} }, services: { a: { image: 'x:1', env } } })

  it('take variables up to the limits of Linux and of Nomad, in bytes', () => {
    expect(length('variable-too-long', { A: 'x'.repeat(128 * 1024 - 3) })).toEqual([])
    expect(length('variable-too-long', { A: 'x'.repeat(128 * 1024 - 2) })).toEqual([
      'services.a.env.A: the variable A has 131073 bytes, at most 131072 are possible',
    ])
    expect(length('variable-too-long', { A: 'ä'.repeat(64 * 1024) })).toHaveLength(1)
    expect(length('variable-too-long', { A: ['x'.repeat(64 * 1024 - 10), { secret: 's' }] })).toEqual([])
    // Line breaks are two characters in the line that Nomad reads.
    expect(length('variable-too-long', { A: ['\n'.repeat(33 * 1024), { secret: 's' }] })).toHaveLength(1)
  })
})

describe('bad-text', () => {
  const HALF = '\ud800'

  it.each([
    ['a variable', { env: { A: 'a\0' } }, 'services.a.env.A'],
    ['an argument', { command: ['x', HALF] }, 'services.a.command.1'],
    ['a file', { files: { '/f': { content: '\0' } } }, 'services.a.files./f'],
    ['a path', { tmpfs: { '/\0': {} } }, 'services.a.tmpfs'],
    ['a label', { labels: { '\0': 'x' } }, 'services.a.labels'],
    ['a description', { description: HALF }, 'services.a.description'],
    ['a nested key of a config', { config: { sysctl: { '\0': 'x' } } }, 'services.a.config.sysctl'],
    ['a patch', { 'x-nomad': { meta: { a: '\0' } } }, 'services.a.x-nomad.meta.a'],
    ['a sidecar', { sidecars: { s: { image: '\0:1' } } }, 'services.a.sidecars.s.image'],
    ['a mount', { volumes: [{ host: '/\0', to: '/x' }] }, 'services.a.volumes.0.host'],
    [
      'a header',
      { checks: [{ type: 'http', path: '/', headers: { A: ['\0'] } }] },
      'services.a.checks.0.headers.A',
    ],
  ])('finds one in %s', (_what, fields, path) => {
    const issues = lint({ services: { a: { image: 'x:1', ...fields } } }).filter(
      ({ code }) => code === 'bad-text',
    )
    expect(issues).toHaveLength(1)
    // Behind the place there may be keys that only the normal form has; then its nearest place is shown.
    expect(`${issues[0]?.path.join('.')}.`).toMatch(new RegExp(`^${path.replaceAll('.', '\\.')}\\.`))
  })

  it('finds one in a shared block, where it is written', () => {
    const stack = { environments: { e: { A: '\0' } }, services: { a: { image: 'x:1', env_from: ['e'] } } }
    expect(linesOf('bad-text', stack)[0]).toMatch(/^environments\.e\.A/)
  })

  it('lets every other text be', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = text.replaceAll('\0', '')
        const stack = { services: { a: { image: 'x:1', env: { A: written }, labels: { a: written } } } }
        expect(linesOf('bad-text', stack)).toEqual([])
      }),
    )
  })
})
