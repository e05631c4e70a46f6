import { DroverError } from '../../errors.ts'
import { shapeOf } from './api-json.ts'
import type { FreeBody, FreeValue } from './blocks/rules.ts'
import { type BodyShape, blocksOf } from './free-body.ts'
import { hclLiteral, hclString, hclText, isIdentifier } from './hcl.ts'
import { type AttributeField, type BlockField, type BlockName, type Field, fieldsOf } from './nomad-blocks.ts'
import { entriesOf, isTree, type Tree } from './tree.ts'

/** Restricts a body to some keys; `except` wins. */
export interface Keys {
  readonly only?: readonly string[]
  readonly except?: readonly string[]
}

/**
 * The inside of a block as HCL, for any node: attributes in the table's order, then blocks, each after an empty
 * line. Not indented: layout() does that. Throws STACK_INVALID for what HCL cannot hold, TypeError for a key that
 * the block does not have (checkBlock() tells beforehand).
 */
export function renderBody(block: BlockName, node: Tree, keys: Keys = {}): string {
  const fields = fieldsOf(block)
  const wanted = entriesOf(node).filter(
    ([key]) => (keys.only?.includes(key) ?? true) && !keys.except?.includes(key),
  )
  for (const [key] of wanted) if (!fields.has(key)) throw new TypeError(`block ${block} has no ${key}`)
  const values = new Map(wanted)
  const parts = [...fields.values()].flatMap((field) => {
    const value = values.get(field.key)
    return value === undefined ? [] : renderField(field, value, shapeOf(block, node))
  })
  return joinParts(parts)
}

/** The inside of a `config` block of a driver. */
export function renderConfig(driver: string, config: FreeBody): string {
  return joinParts(renderFree(config, shapeOf('task', { driver })))
}

/** Lines of attributes stick together; blocks stand apart. */
interface Part {
  readonly text: string
  readonly isBlock: boolean
}

const attribute = (key: string, literal: string): Part => ({ text: `${key} = ${literal}\n`, isBlock: false })
const nested = (header: string, body: string): Part => ({ text: wrap(header, body), isBlock: true })

function wrap(header: string, body: string): string {
  return body === '' ? `${header} {}\n` : `${header} {\n${body}}\n`
}

function joinParts(parts: readonly Part[]): string {
  return parts.map(({ text, isBlock }, i) => (isBlock && i > 0 ? `\n${text}` : text)).join('')
}

function renderField(field: Field, value: unknown, shape: BodyShape): Part[] {
  return 'sub' in field ? renderBlocks(field, value) : renderAttribute(field, value, shape)
}

function renderBlocks({ key, sub }: BlockField, value: unknown): Part[] {
  if (sub.kind === 'one') return [nested(key, renderBody(sub.block, value as Tree))]
  if (sub.kind === 'many') return (value as Tree[]).map((node) => nested(key, renderBody(sub.block, node)))
  return entriesOf(value as Tree).map(([label, node]) =>
    nested(`${key} ${hclString(label)}`, renderBody(sub.block, node as Tree)),
  )
}

function renderAttribute({ key, type }: AttributeField, value: unknown, shape: BodyShape): Part[] {
  if (!isTree(value))
    return [attribute(key, typeof value === 'string' ? hclText(value) : hclLiteral(value as FreeValue))]
  if (entriesOf(value).length === 0) return []
  if (type === 'free') return [nested(key, joinParts(renderFree(value as FreeBody, shape)))]
  const asBlock = type !== 'argMap' && entriesOf(value).every(([name]) => isIdentifier(name))
  if (asBlock) return [nested(key, joinParts(renderFree(value as FreeBody, {})))]
  if (type === 'map' || type === 'headers')
    throw new DroverError(
      'STACK_INVALID',
      `HCL has no way to write a key of ${key} that is not an identifier`,
    )
  return [attribute(key, hclLiteral(value as FreeValue))]
}

function renderFree(body: FreeBody, shape: BodyShape): Part[] {
  const parts = Object.entries(body).flatMap(([key, value]): Part[] => {
    if (value === undefined) return []
    if (!isIdentifier(key)) throw new DroverError('STACK_INVALID', `"${key}" is no name of an HCL attribute`)
    const blocks = blocksOf(value, key, shape)
    if (!blocks) return [attribute(key, typeof value === 'string' ? hclText(value) : hclLiteral(value))]
    return blocks.map(({ label, body: inner, shape: innerShape }) =>
      nested(
        label === undefined ? key : `${key} ${hclString(label)}`,
        joinParts(renderFree(inner, innerShape)),
      ),
    )
  })
  return [...parts.filter(({ isBlock }) => !isBlock), ...parts.filter(({ isBlock }) => isBlock)]
}
