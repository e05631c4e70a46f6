import type { DocumentPath, Issue } from '../issue.ts'
import { quote } from '../quote-value.ts'
import { checkValue } from './check-value.ts'
import { type BlockField, type BlockName, type Field, fieldsOf } from './nomad-blocks.ts'
import { suggestKey } from './suggest.ts'
import { isTree } from './tree.ts'

/**
 * What is wrong with a node by the table of Nomad's blocks: unknown keys, wrong types, missing attributes, blocks
 * of Nomad Enterprise. Driver configs are checkConfig()'s. In a patch, null is allowed anywhere and nothing is
 * missing. Paths continue `path`.
 */
export function checkBlock(block: BlockName, node: unknown, path: DocumentPath, isPatch = false): Issue[] {
  if (!isTree(node)) return [problem('wrong-type', path, `${block} is a block: a map of its keys is wanted`)]
  const fields = fieldsOf(block)
  const missing = [...fields.values()].filter(
    (field) => !isPatch && 'type' in field && field.required && node[field.key] === undefined,
  )
  return [
    ...missing.map(({ key }) => problem('missing-key', [...path, key], `Nomad requires ${key} in ${block}`)),
    ...Object.entries(node).flatMap(([key, value]) => {
      const field = fields.get(key)
      const here = [...path, key]
      if (value === undefined || (value === null && isPatch))
        return field ? [] : [unknownKey(block, key, here)]
      return field ? checkField(field, value, here, isPatch) : [unknownKey(block, key, here)]
    }),
  ]
}

function checkField(field: Field, value: unknown, path: DocumentPath, isPatch: boolean): Issue[] {
  if (!('sub' in field)) return checkValue(field, value, path, isPatch)
  const { sub } = field
  if (sub.enterprise)
    return [problem('enterprise-only', path, `only Nomad Enterprise knows ${field.key}`, 'remove it')]
  if (sub.kind === 'one') return checkBlock(sub.block, value, path, isPatch)
  if (sub.kind === 'many') return checkList(field, value, path)
  return checkLabelled(field, value, path, isPatch)
}

/** A patch replaces lists whole, so their blocks are complete. */
function checkList({ key, sub }: BlockField, value: unknown, path: DocumentPath): Issue[] {
  if (!Array.isArray(value))
    return [problem('wrong-type', path, `${key} may occur several times`, 'write a list of maps')]
  return value.flatMap((node, i) => checkBlock(sub.block, node, [...path, i]))
}

function checkLabelled(
  { key, sub }: BlockField,
  value: unknown,
  path: DocumentPath,
  isPatch: boolean,
): Issue[] {
  if (!isTree(value))
    return [problem('wrong-type', path, `${key} has a label`, 'write a map of label to content')]
  return Object.entries(value).flatMap(([label, node]) =>
    node === undefined || (node === null && isPatch)
      ? []
      : checkBlock(sub.block, node, [...path, label], isPatch),
  )
}

// What Nomad takes in a wider block and copies into each task.
const SHORTHANDS: ReadonlySet<string> = new Set([
  'job.vault',
  'job.secret',
  'job.task',
  'group.vault',
  'group.secret',
])

function unknownKey(block: BlockName, key: string, path: DocumentPath): Issue {
  if (SHORTHANDS.has(`${block}.${key}`)) {
    const fix = key === 'task' ? 'put it in a group' : 'put it in each task that needs it'
    return problem(
      'unknown-key',
      path,
      `${key} in a ${block} is a short form that Drover does not write`,
      fix,
    )
  }
  const unknown = problem('unknown-key', path, `unknown key ${quote(key)} in ${block}`)
  return { ...unknown, ...suggestKey(key, [...fieldsOf(block).keys()]) }
}

function problem(code: string, path: DocumentPath, message: string, fix?: string): Issue {
  return { severity: 'error', code, path, message, ...(fix === undefined ? {} : { fix }) }
}
