import type { SubBlockRule, ValueType } from '../../../src/core/spec/blocks/rules.ts'
import type { JobSpec } from '../../../src/core/spec/jobspec.ts'
import { type BlockName, fieldsOf } from '../../../src/core/spec/nomad-blocks.ts'

const SAMPLES: Record<ValueType, unknown> = {
  string: 'text',
  int: 7,
  bool: true,
  duration: '90s',
  strings: ['a', 'b'],
  ints: [1, 2],
  map: { key: 'value' },
  openMap: { 'dotted.key': 'value', other: 'x' },
  argMap: { key: 'value', 'dotted.key': 'x' },
  headers: { 'X-Header': ['a', 'b'] },
  free: { text: 'a', number: 1.5, list: [1, 'b'], map: { 'dotted.key': { inner: true } } },
}

/** A job that holds every attribute and block of the table once. */
export function everyField(): JobSpec {
  return sample('job') as JobSpec
}

function sample(block: BlockName): object {
  const entries = [...fieldsOf(block).values()].map((field): [string, unknown] => [
    field.key,
    'sub' in field ? sampleBlocks(block, field.sub) : SAMPLES[field.type],
  ])
  return Object.fromEntries(entries)
}

function sampleBlocks(parent: BlockName, { kind, block }: SubBlockRule<BlockName>): unknown {
  if (block === 'scaling' && kind === 'one') return { ...sample(block), type: 'horizontal' }
  if (kind === 'one') return sample(block)
  if (kind === 'many') return [sample(block)]
  if (parent !== 'task' || block !== 'scaling') return { label: sample(block) }
  return { cpu: { ...sample(block), type: 'vertical_cpu' }, mem: { ...sample(block), type: 'vertical_mem' } }
}
