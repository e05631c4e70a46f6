import { describe, expect, it } from 'vitest'
import { formatIssue } from '../../../src/core/issue.ts'
import { checkBlock } from '../../../src/core/spec/check.ts'
import type { BlockName } from '../../../src/core/spec/nomad-blocks.ts'
import { everyField } from './all-fields.ts'

const problems = (block: BlockName, node: unknown, isPatch = false): string[] =>
  checkBlock(block, node, [], isPatch).map(formatIssue)

describe('checkBlock', () => {
  it.each<[BlockName, unknown, string]>([
    ['group', { cuont: 1 }, 'cuont: unknown key "cuont" in group (did you mean "count"?)'],
    ['wait', { zzz: 1, min: '1s', max: '1s' }, 'zzz: unknown key "zzz" in wait (known here: min, max)'],
    [
      'group',
      { vault: {} },
      'vault: vault in a group is a short form that Drover does not write (put it in each task that needs it)',
    ],
    [
      'job',
      { id: 'a', task: {} },
      'task: task in a job is a short form that Drover does not write (put it in a group)',
    ],
    ['group', { count: '1' }, 'count: expected a whole number, got the text "1"'],
    ['group', { count: 1.5 }, 'count: expected a whole number, got the number 1.5'],
    [
      'group',
      { shutdown_delay: '1d' },
      'shutdown_delay: expected a duration such as "30s", "5m" or "1h30m", got the text "1d"',
    ],
    [
      'group',
      { shutdown_delay: 5 },
      'shutdown_delay: expected a duration such as "30s", "5m" or "1h30m", got the number 5',
    ],
    ['port', { ignore_collision: 'yes' }, 'ignore_collision: expected true or false, got the text "yes"'],
    ['service', { tags: 'a' }, 'tags: expected a list, got the text "a"'],
    ['service', { tags: [{}] }, 'tags[0]: expected a text, got a map'],
    [
      'transparent_proxy',
      { exclude_outbound_ports: ['1'] },
      'exclude_outbound_ports[0]: expected a whole number, got the text "1"',
    ],
    ['group', { meta: [] }, 'meta: expected a map, got a list'],
    ['group', { meta: { a: {} } }, 'meta.a: expected a text, got a map'],
    ['group', { meta: { a: null } }, 'meta.a: expected a text, got nothing'],
    ['check', { header: { A: 'b' } }, 'header.A: expected a list, got the text "b"'],
    [
      'service',
      { meta: { 'a.b': 'c' } },
      'meta["a.b"]: HCL cannot write this key here (use letters, digits, _ and -, and begin with a letter or _)',
    ],
    ['task', { driver: 'x', config: [] }, 'config: expected a map, got a list'],
    [
      'task',
      { driver: 'x', config: { 'a b': 1 } },
      'config["a b"]: HCL cannot write this key here (use letters, digits, _ and -, and begin with a letter or _)',
    ],
    ['task', { driver: 'x', config: { a: [null] } }, 'config.a[0]: expected a text, got nothing'],
    ['task', { driver: 'x', user: 'a\0b' }, 'user: the text holds a NUL character'],
    [
      'task',
      { driver: 'x', env: { A: '\ud800' } },
      'env.A: the text is not valid Unicode (half of a surrogate pair)',
    ],
    ['task', {}, 'driver: Nomad requires driver in task'],
    ['template', { wait: { min: '1s' } }, 'wait.max: Nomad requires max in wait'],
    ['job', { id: 'a', multiregion: {} }, 'multiregion: only Nomad Enterprise knows multiregion (remove it)'],
    ['resources', { numa: { affinity: 'require' } }, 'numa: only Nomad Enterprise knows numa (remove it)'],
    ['group', { service: {} }, 'service: service may occur several times (write a list of maps)'],
    ['group', { service: [1] }, 'service[0]: service is a block: a map of its keys is wanted'],
    ['group', { task: [] }, 'task: task has a label (write a map of label to content)'],
    ['group', { task: { a: [] } }, 'task.a: task is a block: a map of its keys is wanted'],
    [
      'task',
      { driver: 'x', config: { password: ['a', null] } },
      'config.password[1]: expected a text, got nothing',
    ],
    ['group', { restart: null }, 'restart: restart is a block: a map of its keys is wanted'],
  ])('%s %j', (block, node, problem) => expect(problems(block, node)).toEqual([problem]))

  it('reports all problems at once', () =>
    expect(problems('group', { count: 'x', service: [{ prot: 1 }, { tags: 1 }] })).toHaveLength(3))

  it('accepts numbers and booleans as text, and unset values', () =>
    expect(
      problems('task', {
        driver: 'x',
        env: { A: 1, B: true, C: undefined },
        config: { a: 1.5 },
        user: undefined,
      }),
    ).toEqual([]))

  it('accepts every field of the table, apart from those of Nomad Enterprise', () => {
    const codes = checkBlock('job', everyField(), []).map(({ path }) => path.at(-1))
    expect(new Set(codes)).toEqual(new Set(['multiregion', 'numa', 'schedule']))
  })

  it('lets a patch remove anything and leave anything out', () => {
    const patch = {
      meta: { a: null },
      group: { a: null, b: { count: null, task: { c: { config: { x: null } } } } },
    }
    expect(problems('job', patch, true)).toEqual([])
  })

  it('wants whole blocks in a list of a patch, since lists are replaced', () =>
    expect(problems('task', { template: [{ wait: { min: '1s' } }] }, true)).toEqual([
      'template[0].wait.max: Nomad requires max in wait',
    ]))

  it('finds unknown keys that a patch removes', () =>
    expect(problems('group', { cuont: null }, true)).toEqual([
      'cuont: unknown key "cuont" in group (did you mean "count"?)',
    ]))
})
