import { describe, expect, it } from 'vitest'
import type { DiffNode } from '../../../src/core/up/nomad-answers.ts'
import { listChanges } from '../../../src/core/up/plan-diff.ts'

const field = (Name: string, Old: string, New: string, Type = 'Edited') => ({ Name, Old, New, Type })
const node = (Name: string, more: Partial<DiffNode> = {}): DiffNode => ({ Type: 'Edited', Name, ...more })
const job = (more: Partial<DiffNode>): DiffNode => ({ Type: 'Edited', ...more })
const inTask = (more: Partial<DiffNode>): DiffNode =>
  job({ TaskGroups: [node('w', { Tasks: [node('w', more)] })] })

describe('listChanges', () => {
  it.each<[string, DiffNode, string[]]>([
    ['nothing', { Type: 'None' }, []],
    ['a field of the job', job({ Fields: [field('Priority', '50', '60')] }), ['Priority 50 → 60']],
    [
      'a block that is called edited, with nothing different in it',
      job({ TaskGroups: [node('w', { Objects: [node('Scaling', { Fields: null, Objects: null })] })] }),
      [],
    ],
    [
      'the same with siblings that are told of, but do not differ',
      job({
        TaskGroups: [
          node('w', { Objects: [node('Scaling', { Fields: [field('Max', '4', '4', 'None')] })], Tasks: [] }),
        ],
      }),
      [],
    ],
    [
      'deep in a block',
      job({
        TaskGroups: [
          node('w', {
            Objects: [
              node('Scaling', {
                Objects: [node('Policy', { Fields: [field('drover[0][concurrency]', '1', '2')] })],
              }),
            ],
          }),
        ],
      }),
      ['group w, Scaling, Policy: drover[0][concurrency] 1 → 2'],
    ],
    [
      'a task',
      inTask({ Objects: [node('Resources', { Fields: [field('MemoryMB', '32', '33')] })] }),
      ['group w, task w, Resources: MemoryMB 32 → 33'],
    ],
    [
      'an image',
      inTask({ Objects: [node('Config', { Fields: [field('image', 'a:1', 'a:2')] })] }),
      ['group w, task w, Config: image a:1 → a:2'],
    ],
    [
      'values that may be secrets, by name alone',
      inTask({
        Fields: [field('Env[TOKEN]', 'old-secret', 'new-secret'), field('Meta[x]', 'old-secret', '')],
        Objects: [
          node('Template', { Fields: [field('EmbeddedTmpl', 'old-secret', 'new-secret')] }),
          node('Config', { Fields: [field('args[0]', 'old-secret', '')] }),
        ],
      }),
      [
        'group w, task w: Env[TOKEN]',
        'group w, task w: Meta[x]',
        'group w, task w, Template: EmbeddedTmpl',
        'group w, task w, Config: args[0]',
      ],
    ],
    ['a long text', job({ Fields: [field('Name', 'a'.repeat(61), 'b')] }), ['Name']],
    [
      'what is there on one side only',
      job({ Fields: [field('Region', '', 'eu', 'Added')] }),
      ['Region (none) → eu'],
    ],
    [
      'a time',
      inTask({
        Fields: [field('KillTimeout', '45000000000', '90000000000'), field('Port', '45000000000', '0')],
      }),
      ['group w, task w: KillTimeout 45s → 1m30s', 'group w, task w: Port 45000000000 → 0'],
    ],
    [
      'a block that is new, in one line',
      inTask({
        Objects: [
          node('Template', { Type: 'Added', Fields: [field('DestPath', '', 'x', 'Added')] }),
          node('Service', { Type: 'Deleted', Objects: [node('Check', { Type: 'Deleted' })] }),
        ],
      }),
      ['group w, task w: Template is new', 'group w, task w: Service goes'],
    ],
    [
      'another block that is called edited, for which Nomad shows no field',
      inTask({ Objects: [node('Schedule'), node('Same', { Type: 'None' })] }),
      ['group w, task w: Schedule differs'],
    ],
    ['a new group', job({ TaskGroups: [node('x', { Type: 'Added' })] }), ['group x is new']],
    [
      'a task that goes',
      job({ TaskGroups: [node('w', { Tasks: [node('side', { Type: 'Deleted' })] })] }),
      ['group w: task side goes'],
    ],
    [
      'a block that is new, and empty',
      inTask({ Objects: [node('Identity', { Type: 'Added' })] }),
      ['group w, task w: Identity is new'],
    ],
  ])('%s', (_, diff, expected) => {
    expect(listChanges(diff, () => false)).toEqual(expected)
  })

  it('passes over a count that Nomad keeps', () => {
    const diff = job({
      TaskGroups: [
        node('kept', { Fields: [field('Count', '3', '0')] }),
        node('own', { Fields: [field('Count', '1', '2')] }),
      ],
    })
    expect(listChanges(diff, (group) => group === 'kept')).toEqual(['group own: Count 1 → 2'])
  })
})
