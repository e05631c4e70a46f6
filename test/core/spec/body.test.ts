import { describe, expect, it } from 'vitest'
import { renderBody, renderConfig } from '../../../src/core/spec/body.ts'
import type { JobSpec } from '../../../src/core/spec/jobspec.ts'
import { layout } from '../../../src/core/spec/layout.ts'
import { everyField } from './all-fields.ts'
import { parseHcl } from './hcl-parser.ts'
import { format, hasNomad } from './nomad.ts'
import { renderWholeJob } from './whole-job.ts'

const WORKER: JobSpec = {
  id: 'worker',
  type: 'batch',
  datacenters: ['*'],
  group: {
    worker: {
      count: 2,
      meta: { queue: 'default' },
      scaling: {
        min: 0,
        max: 4,
        policy: { check: { backlog: { source: 'prometheus', strategy: { threshold: { delta: 1 } } } } },
      },
      network: [{ mode: 'bridge', port: { http: { to: 8000 }, metrics: {} } }],
      constraint: [{ attribute: '${attr.kernel.name}', value: 'linux' }],
      task: {
        worker: {
          driver: 'docker',
          config: {
            image: 'example/worker:1.2',
            labels: { 'com.example.role': 'worker', tier: 'light' },
            mount: [{ type: 'tmpfs', target: '/tmp', tmpfs_options: { size: 1024, mode: 1023 } }],
            args: ['--name', '${NOMAD_ALLOC_ID}'],
          },
          env: { A: '1', B: 'two' },
          template: [{ data: 'X={{ env "A" }}\n', destination: 'local/x' }],
          kill_timeout: '5m',
        },
      },
    },
  },
}

describe('renderWholeJob', () => {
  it('reads like a job that a person wrote', async () => {
    await expect(layout(renderWholeJob(WORKER))).toMatchFileSnapshot('golden/worker.nomad.hcl')
  })

  it('is read by an HCL parser that knows nothing of Nomad', async () => {
    const { job } = (await parseHcl(renderWholeJob(everyField()))) as { job: Record<string, unknown> }
    expect(Object.keys(job)).toEqual(['text'])
  })

  it.skipIf(!hasNomad)('prints every field of the table as nomad fmt does (needs nomad on PATH)', () => {
    const hcl = layout(renderWholeJob(everyField()))
    expect(format(hcl)).toBe(hcl)
  })
})

describe('renderBody', () => {
  it('prints in the order of the table, not of the tree', () =>
    expect(renderBody('restart', { mode: 'fail', attempts: 1 })).toBe('attempts = 1\nmode = "fail"\n'))

  it('prints some keys only, or all but some', () => {
    const node = { count: 1, meta: { a: 'b' }, restart: { attempts: 1 }, shutdown_delay: '5s' }
    expect(renderBody('group', node, { only: ['count', 'meta'] })).toBe('count = 1\n\nmeta {\na = "b"\n}\n')
    expect(renderBody('group', node, { except: ['count', 'meta', 'restart'] })).toBe(
      'shutdown_delay = "5s"\n',
    )
    expect(renderBody('group', node, { only: ['count'], except: ['count'] })).toBe('')
  })

  it('leaves out what is unset or an empty map or list of blocks, and keeps empty blocks', () =>
    expect(renderBody('group', { count: undefined, meta: {}, constraint: [], volume: {}, update: {} })).toBe(
      'update {}\n',
    ))

  it('writes a map as an attribute where a key is no identifier', () => {
    expect(renderBody('task', { env: { A: '1' } })).toBe('env {\nA = "1"\n}\n')
    expect(renderBody('task', { env: { 'a.b': '1' } })).toBe('env = {\n"a.b" = "1"\n}\n')
    expect(renderBody('cni', { args: { a: '1' } })).toBe('args = {\na = "1"\n}\n')
  })

  it('refuses such a key where HCL has no way to write it', () =>
    expect(() => renderBody('service', { meta: { 'a.b': '1' } })).toThrow(
      'a key of meta that is not an identifier',
    ))

  it('refuses a key that the block does not have', () =>
    expect(() => renderBody('group', { cuont: 1 })).toThrow('block group has no cuont'))

  it('escapes labels', () =>
    expect(renderBody('spread', { target: { 'a"${b}': { percent: 1 } } })).toBe(
      'target "a\\"$${b}" {\npercent = 1\n}\n',
    ))
})

describe('renderConfig', () => {
  it.each([
    ['docker', { logging: { type: 'x' }, image: 'a' }, 'image = "a"\n\nlogging {\ntype = "x"\n}\n'],
    ['docker', { labels: { a: 'b' } }, 'labels = {\na = "b"\n}\n'],
    [
      'docker',
      { mount: [{ target: 'a' }, { target: 'b' }] },
      'mount {\ntarget = "a"\n}\n\nmount {\ntarget = "b"\n}\n',
    ],
    ['podman', { logging: { options: { tag: 'x' } } }, 'logging {\noptions = {\ntag = "x"\n}\n}\n'],
    ['java', { anything: { a: 1 } }, 'anything = {\na = 1\n}\n'],
  ])('%s %j', (driver, config, hcl) => expect(renderConfig(driver, config as never)).toBe(hcl))

  it('refuses a key that is no name', () =>
    expect(() => renderConfig('docker', { 'a b': 1 })).toThrow('"a b" is no name of an HCL attribute'))
})
