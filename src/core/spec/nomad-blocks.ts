import { CONNECT_BLOCKS } from './blocks/connect.ts'
import { GROUP_BLOCKS } from './blocks/group.ts'
import { JOB_BLOCKS } from './blocks/job.ts'
import type { AttributeRule, BlockTable, SubBlockRule, ValueType, ValueTypes } from './blocks/rules.ts'
import { SERVICE_BLOCKS } from './blocks/service.ts'
import { TASK_BLOCKS } from './blocks/task.ts'

/** Every block of the Nomad job spec with its attributes and blocks, as Nomad 2.0 knows them. */
export const BLOCKS = {
  ...JOB_BLOCKS,
  ...GROUP_BLOCKS,
  ...TASK_BLOCKS,
  ...SERVICE_BLOCKS,
  ...CONNECT_BLOCKS,
} as const satisfies BlockTable

export type BlockName = keyof typeof BLOCKS

/** One attribute or block of a block. */
export type Field = AttributeField | BlockField

export interface AttributeField {
  readonly key: string
  /** Name in the API. */
  readonly json: string
  readonly type: ValueType
  readonly required: boolean
}

export interface BlockField {
  readonly key: string
  readonly json: string
  readonly sub: SubBlockRule<BlockName>
}

const compiled = new Map<BlockName, ReadonlyMap<string, Field>>()

/** The fields of a block by key, in printing order. */
export function fieldsOf(block: BlockName): ReadonlyMap<string, Field> {
  let fields = compiled.get(block)
  if (!fields) {
    fields = new Map(Object.entries(BLOCKS[block]).map(([key, rule]) => [key, toField(key, rule)]))
    compiled.set(block, fields)
  }
  return fields
}

function toField(key: string, rule: AttributeRule | SubBlockRule<BlockName>): Field {
  if (typeof rule !== 'string') return { key, json: rule.json ?? pascalCase(key), sub: rule }
  const [type = '', json = pascalCase(key)] = rule.split(' ')
  return { key, json, type: type.replace('!', '') as ValueType, required: type.endsWith('!') }
}

function pascalCase(key: string): string {
  return key.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** The tree that a block's rules admit; attributes are optional, also those that Nomad requires. */
export type NodeOf<B extends BlockName> = {
  readonly [K in keyof (typeof BLOCKS)[B]]?: FieldOf<(typeof BLOCKS)[B][K]>
}

type FieldOf<R> = R extends string
  ? ValueTypes[TypeName<R>]
  : R extends { kind: 'one'; block: infer B extends BlockName }
    ? NodeOf<B>
    : R extends { kind: 'many'; block: infer B extends BlockName }
      ? readonly NodeOf<B>[]
      : R extends { kind: 'labelled'; block: infer B extends BlockName }
        ? Readonly<Record<string, NodeOf<B>>>
        : never

type TypeName<R extends string> = R extends `${infer T} ${string}`
  ? TypeName<T>
  : R extends `${infer T}!`
    ? TypeName<T>
    : R extends ValueType
      ? R
      : never
