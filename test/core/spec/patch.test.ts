import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatIssue } from '../../../src/core/issue.ts'
import type { JobSpec } from '../../../src/core/spec/jobspec.ts'
import { applyPatch } from '../../../src/core/spec/patch.ts'

const SPEC: JobSpec = {
  id: 'api',
  priority: 50,
  meta: { a: '1', b: '2' },
  constraint: [{ attribute: 'x', value: 'y' }],
  group: {
    api: {
      count: 2,
      restart: { attempts: 3, mode: 'delay' },
      task: {
        api: {
          driver: 'docker',
          config: { image: 'a:1', args: ['x', 'y'], labels: { a: 'b' } },
          env: { A: '1' },
        },
      },
    },
  },
}
const task = (patch: object) => ({ group: { api: { task: { api: patch } } } })
const taskOf = (spec: JobSpec) => spec.group?.api?.task?.api

describe('applyPatch', () => {
  it('replaces, adds and removes attributes', () => {
    const { spec, issues } = applyPatch(SPEC, { priority: 70, region: 'eu', meta: { a: null, c: '3' } })
    expect(issues).toEqual([])
    expect(spec).toEqual({ ...SPEC, priority: 70, region: 'eu', meta: { b: '2', c: '3' } })
  })

  it('replaces lists whole', () => {
    const constraint = [{ distinct_hosts: true }]
    expect(applyPatch(SPEC, { constraint }).spec.constraint).toEqual(constraint)
    expect(applyPatch(SPEC, { constraint: null }).spec).not.toHaveProperty('constraint')
  })

  it('merges labelled blocks by label and single blocks by key', () => {
    const { spec } = applyPatch(SPEC, {
      group: { api: { restart: { mode: 'fail', delay: '5s' }, disconnect: { lost_after: '1h' } } },
    })
    expect(spec.group?.api).toEqual({
      ...SPEC.group?.api,
      restart: { attempts: 3, mode: 'fail', delay: '5s' },
      disconnect: { lost_after: '1h' },
    })
  })

  it('adds a task and removes one', () => {
    const sidecar = { driver: 'docker', config: { image: 'b' } }
    const { spec, issues } = applyPatch(SPEC, { group: { api: { task: { sidecar, api: null } } } })
    expect(issues).toEqual([])
    expect(spec.group?.api?.task).toEqual({ sidecar })
  })

  it('merges driver config', () => {
    const { spec } = applyPatch(SPEC, task({ config: { labels: { c: 'd' }, args: ['z'], privileged: true } }))
    expect(taskOf(spec)?.config).toEqual({
      image: 'a:1',
      args: ['z'],
      labels: { a: 'b', c: 'd' },
      privileged: true,
    })
  })

  it('leaves nulls of new blocks out', () =>
    expect(applyPatch(SPEC, { update: { canary: 1, stagger: null } }).spec.update).toEqual({ canary: 1 }))

  it('does not change what it was given', () => {
    const before = structuredClone(SPEC)
    const patch = task({ env: { B: '2' } })
    applyPatch(SPEC, patch)
    expect(SPEC).toEqual(before)
    expect(patch).toEqual(task({ env: { B: '2' } }))
  })

  it('takes __proto__ for a name like any other', () => {
    const { spec } = applyPatch(SPEC, JSON.parse('{"meta":{"__proto__":"x"}}'))
    expect(Object.entries(spec.meta ?? {})).toContainEqual(['__proto__', 'x'])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it.each([
    [{ prioritty: 1 }, 'prioritty: unknown key "prioritty" in job (did you mean "priority"?)'],
    [{ group: { api: { count: 'many' } } }, 'group.api.count: expected a whole number, got the text "many"'],
    [{ multiregion: {} }, 'multiregion: only Nomad Enterprise knows multiregion (remove it)'],
    [{ id: 'b' }, 'id: the id of a job is its name in the stack (rename the job there)'],
    [{ id: null }, 'id: the id of a job is its name in the stack (rename the job there)'],
    [task({ driver: null }), 'group.api.task.api.driver: Nomad requires driver in task'],
    [
      task({ config: { imagee: 'x' } }),
      'group.api.task.api.config.imagee: unknown key "imagee" (did you mean "image"?)',
    ],
    [task({ config: { image: null } }), 'group.api.task.api.config.image: is required'],
    [
      { group: { api: { task: { new: { config: {} } } } } },
      'group.api.task.new.driver: Nomad requires driver in task',
    ],
    ['text', 'job is a block: a map of its keys is wanted'],
    [null, 'job is a block: a map of its keys is wanted'],
    [[], 'job is a block: a map of its keys is wanted'],
  ])('%j is refused and changes nothing', (patch, problem) => {
    const { spec, issues } = applyPatch(SPEC, patch)
    expect(issues.map(formatIssue)).toEqual([problem])
    expect(spec).toBe(SPEC)
  })

  it('warns of a driver whose config it cannot check, and goes on', () => {
    const { spec, issues } = applyPatch(SPEC, task({ driver: 'java' }))
    expect(issues.map(({ severity, code }) => [severity, code])).toEqual([['warning', 'unknown-driver']])
    expect(taskOf(spec)?.driver).toBe('java')
  })

  it('follows RFC 7386: a patch without nulls wins, twice is once, {} is nothing', () => {
    const meta = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.option(fc.string({ unit: 'grapheme' })))
    fc.assert(
      fc.property(meta, (change) => {
        const once = applyPatch(SPEC, { meta: change }).spec
        expect(applyPatch(once, { meta: change }).spec).toEqual(once)
        for (const [key, value] of Object.entries(change)) expect(once.meta?.[key] ?? null).toBe(value)
      }),
    )
    expect(applyPatch(SPEC, {}).spec).toEqual(SPEC)
  })
})
