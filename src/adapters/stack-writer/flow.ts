import type { StackMap, StackValue } from '../../core/import/tree.ts'
import type { DocumentPath } from '../../core/issue.ts'
import { inQuotes, keyText, plainOrQuoted } from './scalar.ts'

/** Sections whose entries stand below each other, however short they are. */
const BLOCKS: readonly string[] = [
  'cluster',
  'secrets',
  'networks',
  'volumes',
  'environments',
  'broker',
  'scaling',
]
const JOBS: readonly string[] = ['services', 'workers', 'batch', 'periodic', 'system']

/** A value on one line. */
export function flowText(value: StackValue): string {
  if (typeof value === 'string') return plainOrQuoted(value, 'flow')
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : String(value)
  if (Array.isArray(value)) return listText(value)
  const entries = Object.entries(value as StackMap).map(([key, of]) => `${keyText(key)}: ${flowText(of)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

/** Texts beside references are parts of one value: in quotes, so that their ends can be seen. */
function listText(list: readonly StackValue[]): string {
  const isJoined = list.length > 1 && list.some(isReference)
  const texts = list.map((item) => (isJoined && typeof item === 'string' ? inQuotes(item) : flowText(item)))
  return `[${texts.join(', ')}]`
}

/** Whether people would write a map or list on one line, as far as it fits there. */
export function isFlow(value: StackMap | readonly StackValue[], path: DocumentPath): boolean {
  const [section = ''] = path
  const key = path.at(-1)
  if (path.length === 1 && [...BLOCKS, ...JOBS].includes(String(section))) return false
  if (path.length === 2 && [...JOBS, 'environments'].includes(String(section))) return false
  if (Array.isArray(value)) {
    return key !== 'checks' && (value.every(isFlat) || (value.length === 1 && isFlatMap(value[0])))
  }
  const entries = Object.values(value)
  if (key === 'env' && path.length === 3) return entries.length <= 2 && entries.every(isScalar)
  if (entries.every(isFlat)) return true
  return entries.length === 1 && isFlatMap(entries[0]) && !['files', 'ports', 'scale'].includes(String(key))
}

/** A scalar, a reference, or a list of these. */
function isFlat(value: StackValue): boolean {
  if (Array.isArray(value))
    return (value as readonly StackValue[]).every((item) => isScalar(item) || isReference(item))
  return isScalar(value) || isReference(value)
}

function isFlatMap(value: StackValue | undefined): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value as StackMap).every(isFlat)
}

function isScalar(value: StackValue): boolean {
  return typeof value === 'string' ? !value.includes('\n') : typeof value !== 'object' || value === null
}

function isReference(value: StackValue): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    ('secret' in value || 'service' in value) &&
    !Array.isArray(value)
  )
}
