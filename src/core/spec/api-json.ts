import { FILLED } from './api-fill.ts'
import type { FreeBody } from './blocks/rules.ts'
import { DRIVER_BLOCKS } from './drivers/blocks.ts'
import { type BodyShape, freeBodyJson, POLICY_SHAPE } from './free-body.ts'
import { parseGoDuration } from './go-duration.ts'
import { checked, hclNumber } from './hcl.ts'
import type { JobSpec } from './jobspec.ts'
import { type AttributeField, type BlockField, type BlockName, fieldsOf } from './nomad-blocks.ts'
import { entriesOf, type Tree } from './tree.ts'

/** A job as Nomad's HTTP API takes it, to be wrapped as `{"Job": job}`. What is unset is absent. */
export type ApiJob = Readonly<Record<string, unknown>>
export type ApiBlock = Record<string, unknown>

/**
 * The job that Nomad's parser makes of the HCL form: API names, durations in nanoseconds, and the values that
 * the parser fills in itself (api-fill.ts). For a spec that passed checkBlock(); throws TypeError for a tree
 * that does not follow the table.
 */
export function toApiJob(spec: JobSpec): ApiJob {
  return toApiBlock('job', spec)
}

function toApiBlock(block: BlockName, node: Tree, label?: { field: string; text: string }): ApiBlock {
  const api: ApiBlock = label ? { [label.field]: checked(label.text) } : {}
  const fields = fieldsOf(block)
  for (const [key, value] of entriesOf(node)) {
    const field = fields.get(key)
    if (!field) throw new TypeError(`block ${block} has no ${key}`)
    if (field.json === '-') continue
    const json =
      'sub' in field ? toApiBlocks(field, value as Tree) : toApiValue(field, value, shapeOf(block, node))
    if (json !== undefined) api[field.json] = json
  }
  FILLED[block]?.(api, node)
  return api
}

/** A list without blocks is absent from both forms; an empty block is not. */
function toApiBlocks({ sub }: BlockField, value: Tree | readonly Tree[]): unknown {
  if (sub.kind === 'one') return toApiBlock(sub.block, value as Tree)
  if (Object.keys(value).length === 0) return undefined
  if (sub.kind === 'many') return (value as readonly Tree[]).map((node) => toApiBlock(sub.block, node))
  const blocks = entriesOf(value as Tree).map(([text, node]): [string, ApiBlock] => [
    checked(text),
    toApiBlock(sub.block, node as Tree, { field: sub.label ?? 'Name', text }),
  ])
  return sub.keyed ? Object.fromEntries(blocks) : blocks.map(([, block]) => block)
}

/** Maps without entries are absent from both forms. */
function toApiValue({ type }: AttributeField, value: unknown, shape: BodyShape): unknown {
  switch (type) {
    case 'string':
      return apiText(value)
    case 'duration':
      return parseGoDuration(value as string)
    case 'strings':
      return (value as unknown[]).map(apiText)
    case 'map':
    case 'openMap':
    case 'argMap':
      return unlessEmpty(mapOf(value as Tree, apiText))
    case 'headers':
      return unlessEmpty(mapOf(value as Tree, (list) => (list as unknown[]).map(apiText)))
    case 'free':
      return unlessEmpty(freeBodyJson(value as FreeBody, shape))
    default:
      return value
  }
}

/** Where the API wants text, HCL turns numbers and booleans into it. */
function apiText(value: unknown): string {
  return typeof value === 'number' ? hclNumber(value) : checked(String(value))
}

function mapOf(map: Tree, change: (value: unknown) => unknown): ApiBlock {
  return Object.fromEntries(entriesOf(map).map(([key, value]) => [checked(key), change(value)]))
}

function unlessEmpty(map: ApiBlock): ApiBlock | undefined {
  return Object.keys(map).length > 0 ? map : undefined
}

/** Which keys of a block's free body are blocks: the driver says so for `config`. */
export function shapeOf(block: BlockName, node: Tree): BodyShape {
  if (block === 'scaling') return POLICY_SHAPE
  return (typeof node.driver === 'string' && DRIVER_BLOCKS[node.driver]) || {}
}
