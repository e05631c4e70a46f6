import { describe, expect, it } from 'vitest'
import { importTexts } from './import-texts.ts'

const services = (envs: Record<string, string>, top = '') =>
  `${top}services:\n${Object.entries(envs)
    .map(
      ([name, env]) =>
        `  ${name}:\n    image: i:1\n    expose: ["80"]\n    environment:\n${env.replace(/^/gm, '      ')}\n`,
    )
    .join('')}`

describe('variables that jobs share', () => {
  const common = 'A: 1\nB: 2\nC: 3'

  it('become a block, named as its author named it', () => {
    const imported = importTexts(
      services(
        { x: '<<: *common\nX: 1', y: '<<: *common\nY: 1' },
        `x-common-env: &common\n${common.replace(/^/gm, '  ')}\n`,
      ),
    )
    expect(imported.stack.environments).toEqual({ common: { A: 1, B: 2, C: 3 } })
    expect(imported.job('x')).toMatchObject({ env_from: ['common'], env: { X: 1 } })
    expect(imported.entry('x environment.A').to).toBe('environments.common.A')
    expect(imported.entry('x environment.X').to).toBe('services.x.env.X')
  })

  it.each<[what: string, envs: Record<string, string>, blocks: object | undefined]>([
    [
      'by their common prefix',
      { x: 'DB_A: 1\nDB_B: 2\nDB_C: 3', y: 'DB_A: 1\nDB_B: 2\nDB_C: 3' },
      { db: { DB_A: 1, DB_B: 2, DB_C: 3 } },
    ],
    ['or as shared', { x: common, y: common }, { shared: { A: 1, B: 2, C: 3 } }],
    ['two are too few', { x: 'A: 1\nB: 2', y: 'A: 1\nB: 2' }, undefined],
    ['other values are no sharing', { x: common, y: 'A: 1\nB: 2\nC: 4' }, undefined],
    ['one job shares nothing', { x: common }, undefined],
  ])('%s', (_, envs, blocks) => {
    expect(importTexts(services(envs)).stack.environments).toEqual(blocks)
  })

  it('come out of several blocks, which do not overlap', () => {
    const wide = 'P: 1\nQ: 2\nR: 3'
    const imported = importTexts(
      services({ x: `${common}\n${wide}`, y: `${common}\n${wide}`, z: `${wide}\nA: 9` }),
    )
    expect(imported.stack.environments).toEqual({
      shared: { A: 1, B: 2, C: 3 },
      'shared-2': { P: 1, Q: 2, R: 3 },
    })
    expect(imported.job('x')).toMatchObject({ env_from: ['shared', 'shared-2'] })
    expect(imported.job('z')).toMatchObject({ env_from: ['shared-2'], env: { A: 9 } })
  })

  it('that more jobs have than the block are in it, and beside it for the others', () => {
    const imported = importTexts(services({ x: `${common}\nW: 1`, y: `${common}\nW: 1`, z: 'W: 1' }))
    expect(imported.stack.environments).toEqual({ shared: { A: 1, B: 2, C: 3, W: 1 } })
    expect(imported.job('z').env).toEqual({ W: 1 })
  })
})

describe('log rotation', () => {
  const logging = (options: string) => `    logging: {driver: json-file, options: {${options}}}\n`
  const stack = (...options: (string | undefined)[]) =>
    importTexts(
      `services:\n${options.map((one, index) => `  s${index}:\n    image: i:1\n    expose: ["80"]\n${one === undefined ? '' : logging(one)}`).join('')}`,
    )

  it('that all agree on is that of the whole stack', () => {
    const imported = stack('max-size: 10m, max-file: "3"', 'max-size: 10m, max-file: 3', undefined)
    expect(imported.stack.logs).toEqual({ files: 3, file_size: '10MB' })
    expect(imported.job('s0')).not.toHaveProperty('logs')
    expect(imported.entry('s0 logging.options.max-size').to).toBe('logs')
  })

  it('of the few is their own', () => {
    const imported = stack('max-size: 10m', 'max-size: 10m', 'max-size: 1g, max-file: 2')
    expect(imported.stack.logs).toEqual({ file_size: '10MB' })
    expect(imported.job('s2').logs).toEqual({ files: 2, file_size: '1GB' })
  })

  it('that nobody asks for is not written', () => {
    expect(stack(undefined).stack).not.toHaveProperty('logs')
  })
})

describe('the cluster', () => {
  it('has what the jobs need of it, told as assumptions', () => {
    const imported = importTexts(
      'services:\n  a:\n    image: i:1\n    ports: ["127.0.0.1:80:80"]\n    stop_grace_period: 2m\n    volumes: ["/srv:/srv"]\n',
    )
    expect(imported.stack.cluster).toEqual({
      nodes: 'one',
      addresses: 'allocation',
      cpu_mhz_per_core: 2500,
      memory_oversubscription: true,
      max_kill_timeout: '2m',
      host_networks: ['loopback'],
      docker_volumes: true,
    })
    const said = imported.assumptions.join('\n')
    for (const part of [
      'One node',
      'oversubscription',
      'host_network loopback',
      'host paths',
      'kill timeout of 2m',
      'no limits',
    ])
      expect(said).toContain(part)
  })

  it('and nothing that they do not need', () => {
    const { stack } = importTexts('services:\n  a:\n    image: i:1\n    ports: ["80:80"]\n')
    expect(Object.keys(stack.cluster as object)).toEqual([
      'nodes',
      'addresses',
      'cpu_mhz_per_core',
      'memory_oversubscription',
    ])
  })

  it('networks keep who may talk to whom', () => {
    const imported = importTexts(
      'services:\n  a:\n    image: i:1\n    ports: ["80"]\n    networks: [in, Out]\nnetworks:\n  in: {internal: true, driver_opts: {x: y}}\n  Out: {external: true, name: other}\n',
    )
    expect(imported.stack.networks).toEqual({ in: { internal: true }, out: {} })
    expect(imported.job('a').networks).toEqual(['in', 'out'])
    expect(imported.entry('networks.in.driver_opts.x').state).toBe('dropped')
    expect(imported.entry('networks.Out.external').state).toBe('approximated')
    expect(imported.errors).toEqual([])
  })
})
