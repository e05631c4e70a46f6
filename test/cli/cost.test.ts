import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Cost } from '../../src/core/cost.ts'
import { runCli } from '../helpers/run-cli.ts'
import { inFolder, STACK } from './in-folder.ts'

const folder = inFolder()
const REPOSITORY = join(import.meta.dirname, '../..')
const PRICED = STACK.replace(
  'services:',
  'cluster: { prices: { currency: EUR, core_hour: 0.1, gb_hour: 0.01 } }\nservices:',
)

describe('drover cost', () => {
  it('without prices: cores and memory', async () => {
    folder.write({ 'stack.yml': STACK })
    const { code, stdout, stderr } = await folder.run('cost')
    expect(code).toBe(0)
    expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      'JOB    COUNT  CPU  MEMORY',
      'db         1  0.1  0.29GB',
      'api        1  0.1  0.29GB',
      'total      2  0.2  0.59GB',
      '',
    ])
    expect(stderr).toBe(
      'Limits: 0.2 to 0.2 cores, 0.59 to 0.59 GB.\nNo money without cluster.prices in the stack.\n',
    )
  })

  it('with prices: money a month', async () => {
    folder.write({ 'stack.yml': PRICED })
    const { stdout } = await folder.run('cost')
    expect(stdout.split('\n')[0]).toBe(
      'JOB    COUNT  CPU  MEMORY  MIN EUR/MONTH  TYPICAL EUR/MONTH  MAX EUR/MONTH',
    )
    // 730 hours of 0.2 cores at 0.1 and 600 MB at 0.01 are 18.88.
    expect(stdout).toMatch(/^total +2 +0\.2 +0\.59GB +19 +19 +19$/m)
  })

  it('of the reference stack, added up by hand', async () => {
    const { code, stdout } = await runCli(['cost', '--json'], { cwd: REPOSITORY })
    expect(code).toBe(0)
    const cost: Cost = JSON.parse(stdout)
    const rows = new Map(cost.rows.map((row) => [row.job, row]))
    expect(cost.currency).toBe('USD')
    expect(cost.rows).toHaveLength(26)
    // Half a core and 512 MB: 0.5 * 0.0335 + 0.5 * 0.0045.
    expect(rows.get('redis')?.typical).toEqual({
      count: 1,
      cpu: 0.5,
      cpuLimit: 1,
      memoryMb: 512,
      memoryLimitMb: 1024,
      perHour: 0.019,
    })
    // 0 to 4 of 8 cores and 16 GB: each 8 * 0.0335 + 16 * 0.0045.
    expect(rows.get('worker_heavy')?.minimum).toMatchObject({ count: 0, cpu: 0, perHour: 0 })
    expect(rows.get('worker_heavy')?.typical).toMatchObject({
      count: 1,
      cpu: 8,
      memoryMb: 16384,
      perHour: 0.34,
    })
    expect(rows.get('worker_heavy')?.maximum).toMatchObject({
      count: 4,
      cpu: 32,
      cpuLimit: 64,
      memoryMb: 65536,
      perHour: 1.36,
    })
    expect(rows.get('worker_medium')?.typical).toMatchObject({ count: 2, cpu: 4, memoryMb: 8192 })
    expect(rows.get('worker_light')?.typical).toMatchObject({ count: 3, cpu: 3, memoryMb: 3072 })
    // Services: 0.5 redis, 0.5 falkordb, 0.5 mlflow, 1 bentoml, 0.5 feast, 1 api, 0.25 scheduler, 0.25 frontend;
    // Opik 1 + 0.5 + 0.5 + 3 + 1 + 2 + 1 + 0.5; monitoring 0.5 + 0.1 + 0.1 + 0.25 + 0.25; each node 0.1 + 0.1.
    const services = 4.5 + 9.5 + 1.2 + 0.2
    const gigabytes =
      0.5 +
      1 +
      1 +
      2 +
      1 +
      2 +
      0.5 +
      0.25 +
      (1 + 0.5 + 0.5 + 2 + 1 + 2 + 1 + 0.5) +
      (0.5 + 0.125 + 0.0625 + 0.25 + 0.25) +
      0.125
    expect(cost.total.minimum.cpu).toBeCloseTo(services + 2 * 1 + 1 * 2, 6)
    expect(cost.total.minimum.memoryMb).toBe((gigabytes + 2 * 1 + 1 * 4) * 1024)
    expect(cost.total.maximum.cpu).toBeCloseTo(services + 4 * 1 + 3 * 2 + 4 * 8, 6)
    expect(cost.total.maximum.memoryMb).toBe((gigabytes + 4 * 1 + 3 * 4 + 4 * 16) * 1024)
    const { cpu, memoryMb, perHour } = cost.total.maximum
    expect(perHour).toBeCloseTo(cpu * 0.0335 + (memoryMb / 1024) * 0.0045, 4)
  })

  it('--profile and --env', async () => {
    folder.write({ 'stack.yml': STACK, 'stack.big.yml': 'services: { db: { count: 5 } }\n' })
    const { stdout } = await folder.run('cost --env big --profile tools --json')
    expect(JSON.parse(stdout).total.minimum.count).toBe(6)
  })
})
