import type { BlockField, BlockName, Field } from '../../core/spec/nomad-blocks.ts'
import { fieldsOf } from '../../core/spec/nomad-blocks.ts'
import {
  type HclAttribute,
  type HclBlock,
  type HclBody,
  HclError,
  type HclMap,
  type HclValue,
  type Place,
} from './syntax.ts'

type Tree = Record<string, unknown>

/** A block's body as a tree in HCL's own names, by the table of Nomad's blocks. Throws HclError. */
export function blockTree(block: BlockName, { attributes, blocks }: HclBody): Tree {
  const fields = fieldsOf(block)
  const tree: Tree = {}
  for (const attribute of attributes) tree[attribute.key] = attributeOf(fields.get(attribute.key), attribute)
  for (const one of blocks) addBlock(tree, one, fields.get(one.type))
  return tree
}

function attributeOf(field: Field | undefined, { key, value, at }: HclAttribute): unknown {
  if (field === undefined || 'sub' in field)
    throw new HclError(`Unsupported argument; An argument named "${key}" is not expected here.`, at)
  return value ?? undefined
}

function addBlock(tree: Tree, block: HclBlock, field: Field | undefined): void {
  const { type, at, body, labels } = block
  if (field === undefined)
    throw new HclError(`Unsupported block type; Blocks of type "${type}" are not expected here.`, at)
  if ('sub' in field) addNested(tree, block, field)
  else {
    if (tree[type] !== undefined) duplicate(type, at)
    expectLabels(block, 0)
    tree[type] = field.type === 'free' ? freeBody(body) : plainMap(body, labels)
  }
}

function addNested(tree: Tree, block: HclBlock, { key, sub }: BlockField): void {
  expectLabels(block, sub.kind === 'labelled' ? 1 : 0)
  const body = blockTree(sub.block, block.body)
  if (sub.kind === 'many') tree[key] = [...((tree[key] as Tree[] | undefined) ?? []), body]
  else if (sub.kind === 'labelled') {
    const known = (tree[key] ?? {}) as Tree
    const label = block.labels[0] ?? ''
    if (Object.hasOwn(known, label)) duplicate(`${key} "${label}"`, block.at)
    tree[key] = { ...known, [label]: body }
  } else {
    if (tree[key] !== undefined) duplicate(key, block.at)
    tree[key] = body
  }
}

function expectLabels({ type, labels, at }: HclBlock, count: number): void {
  if (labels.length < count)
    throw new HclError(`Missing name for ${type}; All ${type} blocks must have 1 labels (name).`, at)
  if (labels.length > count)
    throw new HclError(`Extraneous label for ${type}; No labels are expected for ${type} blocks.`, at)
}

function duplicate(name: string, at: Place): never {
  throw new HclError(`Duplicate ${name} block; Only one block is allowed.`, at)
}

/** `meta { a = "b" }`: a map that is written as a block. */
function plainMap({ attributes, blocks }: HclBody, _labels: readonly string[]): Tree {
  const [block] = blocks
  if (block)
    throw new HclError(
      `Unsupported block type; Blocks of type "${block.type}" are not expected here.`,
      block.at,
    )
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value]))
}

/** A body that Nomad does not know: blocks of one name become a list, their labels keys. */
function freeBody({ attributes, blocks }: HclBody): HclMap {
  const body: Record<string, HclValue> = {}
  for (const { key, value } of attributes) if (value !== null) body[key] = value
  for (const { type, labels, body: inner } of blocks) {
    const value = labels.reduceRight<HclMap>((nested, label) => ({ [label]: nested }), freeBody(inner))
    const known = body[type]
    body[type] = Array.isArray(known) ? [...known, value] : [value]
  }
  return body
}
