import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readComposeFiles, toComposeFile } from '../../../src/adapters/compose-files.ts'
import { readText } from '../../../src/adapters/read-text.ts'
import { loadYaml } from '../../../src/adapters/yaml.ts'
import { parseAutoscale } from '../../../src/core/compose/autoscale.ts'
import type { ComposeModel } from '../../../src/core/compose/model.ts'
import type { ComposeNode } from '../../../src/core/compose/node.ts'
import { literalParts } from '../../../src/core/compose/parts.ts'
import { formatIssue, type Position } from '../../../src/core/issue.ts'

const E2I = '../shared/e2i'
const has = existsSync(`${E2I}/docker/docker-compose.yml`)
if (!has) console.warn(`${E2I} is not there: the tests on the E2I files are skipped`)

const file = (name: string) => `${E2I}/docker/docker-compose${name === 'base' ? '' : `.${name}`}.yml`
const read = (...names: string[]) => {
  const { model, issues } = readComposeFiles({
    files: names.map(file),
    envFiles: [`${E2I}/docker/env.example`],
  })
  return { model: model as ComposeModel, lines: issues.map(formatIssue) }
}
const services = (model: ComposeModel) => Object.values(model.services)
const conditions = (model: ComposeModel) => {
  const all = services(model).flatMap(({ dependsOn }) =>
    Object.values(dependsOn).map(({ value }) => value.condition),
  )
  return Object.fromEntries(
    ['healthy', 'completed', 'started'].map((name) => [name, all.filter((one) => one === name).length]),
  )
}

describe.skipIf(!has)('the E2I compose files', () => {
  it.each([
    { names: ['base', 'opik'], count: 30, healthy: 25, completed: 2, started: 0, volumes: 21 },
    { names: ['base', 'opik', 'monitoring'], count: 30, healthy: 25, completed: 2, started: 1, volumes: 21 },
    { names: ['base', 'dev', 'opik'], count: 34, healthy: 27, completed: 2, started: 4, volumes: 21 },
    { names: ['secure'], count: 22, healthy: 21, completed: 1, started: 0, volumes: 15 },
  ])('$names: services, dependencies, volumes', ({ names, count, volumes, ...edges }) => {
    const { model, lines } = read(...names)
    expect(lines.filter((line) => !line.includes('POSTGRES_PASSWORD is not set'))).toEqual([])
    expect(services(model)).toHaveLength(count)
    expect(conditions(model)).toEqual(edges)
    expect(Object.keys(model.volumes)).toHaveLength(volumes)
  })

  const { model } = has
    ? read('base', 'opik', 'dev', 'monitoring')
    : { model: undefined as unknown as ComposeModel }

  it('have 21 port lines, 17 of them on the loopback address, and 21 variables', () => {
    const lines = model.keys.filter(({ key }) => /^ports\[\d+\]$/.test(key))
    expect(lines).toHaveLength(21)
    const inForce = services(model).flatMap(({ ports }) => ports.map(({ value }) => value))
    // The development file replaces the frontend's port and repeats the api's.
    expect(inForce).toHaveLength(19)
    expect(inForce.filter(({ hostIp }) => hostIp === '127.0.0.1')).toHaveLength(17)
    expect(model.variables).toHaveLength(21)
    expect(model.variables.filter(({ required }) => required)).toHaveLength(12)
  })

  it('lose no key: each is in force, replaced, an extension or carried out', () => {
    const id = ({ file, line, column }: Position) => `${file}:${line}:${column}`
    const accounted = new Set(model.keys.map(({ position }) => id(position)))
    for (const name of ['base', 'opik', 'dev', 'monitoring']) {
      const root = toComposeFile(file(name), readText(file(name))).root as ComposeNode
      const written = [...leaves(root, [])]
      expect(written.length).toBeGreaterThan(30)
      expect(written.map(id).filter((position) => !accounted.has(position))).toEqual([])
    }
  })

  it('keep folded commands, inner quotes and scripts', () => {
    const words = (name: string, key: 'command' | 'entrypoint') =>
      model.services[name]?.[key]?.value.map((word) => literalParts(word) ?? '<variable>')
    const { model: base } = read('base', 'opik')
    expect(base.services.worker_light?.command?.value.map(literalParts)).toEqual([
      'celery',
      '-A',
      'src.workers.celery_app',
      'worker',
      '--loglevel=INFO',
      '--concurrency=4',
      '--queues=default,quick,api',
      '--prefetch-multiplier=2',
      '--max-tasks-per-child=100',
      '--hostname=worker_light@%h',
    ])
    expect(words('opik-mc', 'entrypoint')).toHaveLength(3)
    expect(words('opik-clickhouse-init', 'command')?.[2]).toMatch(/^\n {2}cp -r .* &&\n {2}chown .*\n$/)
    expect(words('config-check', 'command')?.[1]).toContain('eval VAL="\\$VAR_NAME"')
  })

  it('give worker_light what it has from the anchor', () => {
    const { model: base } = read('base')
    const { restart, securityOpt, networks, build, environment, count } = base.services.worker_light ?? {}
    expect(restart?.value.policy).toBe('unless-stopped')
    expect(securityOpt).toHaveLength(1)
    expect(Object.keys(networks ?? {})).toEqual(['e2i_network', 'mlops_network'])
    expect(literalParts(build?.context?.value ?? [])).toBe('..')
    expect(Object.keys(environment ?? {})).toHaveLength(16)
    expect(count?.comment).toBe('Always run 2 light workers')
  })

  it('sum up to the known limits and reservations', () => {
    const { model: base } = read('base')
    const sum = (key: 'cpuLimit' | 'memoryLimitBytes' | 'cpuReservation' | 'memoryReservationBytes') =>
      services(base)
        .filter(({ profiles }) => profiles.length === 0)
        .reduce(
          (total, { resources, count }) => total + (resources[key]?.value ?? 0) * (count?.value ?? 1),
          0,
        )
    const gib = (bytes: number) => Math.round((bytes / 1024 ** 3) * 10) / 10
    expect([sum('cpuLimit'), gib(sum('memoryLimitBytes'))]).toEqual([22, 34.8])
    expect([sum('cpuReservation'), gib(sum('memoryReservationBytes'))]).toEqual([expect.closeTo(9.9), 15.6])
  })
})

describe.skipIf(!has)('the E2I autoscale.yml', () => {
  it('is understood whole', () => {
    const { autoscale, issues, keys } = parseAutoscale(loadYaml(`${E2I}/config/autoscale.yml`))
    expect(issues).toEqual([])
    expect(keys.filter(({ known }) => !known)).toEqual([])
    expect(keys).toHaveLength(61)
    expect(
      Object.entries(autoscale?.workers ?? {}).map(([name, w]) => [
        name,
        w.min_replicas,
        w.max_replicas,
        w.queues.length,
      ]),
    ).toEqual([
      ['worker_light', 2, 4, 3],
      ['worker_medium', 1, 3, 3],
      ['worker_heavy', 0, 4, 4],
    ])
    expect(keys.find(({ key }) => key === 'workers.worker_heavy.idle_shutdown_minutes')?.comment).toContain(
      '15 min',
    )
  })
})

/** Places of all values in the file that can be mapped by themselves, apart from extensions and words of a command. */
function* leaves(node: ComposeNode, path: readonly string[]): Generator<Position> {
  if (path.at(-1)?.startsWith('x-')) return
  const whole = ['command', 'entrypoint', 'test'].includes(path.at(-1) ?? '')
  const children: [string, ComposeNode][] =
    node.kind === 'map'
      ? [...node.entries]
      : node.kind === 'list'
        ? node.items.map((item, index) => [String(index), item])
        : []
  if (whole && path.length > 2) yield node.position
  else if (children.length === 0) yield node.position
  else for (const [key, child] of children) yield* leaves(child, [...path, key])
}
