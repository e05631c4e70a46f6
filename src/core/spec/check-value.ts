import type { DocumentPath, Issue } from '../issue.ts'
import { nameValue } from '../quote-value.ts'
import { parseGoDuration } from './go-duration.ts'
import { isIdentifier, textProblem } from './hcl.ts'
import type { AttributeField } from './nomad-blocks.ts'
import { isTree, type Tree } from './tree.ts'

/** What is wrong with the value of an attribute. In a patch, null is allowed as a value in maps. */
export function checkValue(
  { type }: AttributeField,
  value: unknown,
  path: DocumentPath,
  isPatch: boolean,
): Issue[] {
  switch (type) {
    case 'string':
      return checkText(value, path)
    case 'int':
      return checkInteger(value, path)
    case 'bool':
      return typeof value === 'boolean' ? [] : [wrongType('true or false', value, path)]
    case 'duration':
      return checkDuration(value, path)
    case 'strings':
      return checkItems(value, checkText, path)
    case 'ints':
      return checkItems(value, checkInteger, path)
    case 'headers':
      return checkMap(value, (item, here) => checkItems(item, checkText, here), path, isPatch, true)
    case 'free':
      return isTree(value) ? checkFree(value, path, isPatch, true) : [wrongType('a map', value, path)]
    default:
      return checkMap(value, checkText, path, isPatch, type === 'map')
  }
}

type Check = (value: unknown, path: DocumentPath) => Issue[]

/** HCL turns numbers and booleans into text by itself. */
function checkText(value: unknown, path: DocumentPath): Issue[] {
  if (typeof value === 'boolean' || Number.isFinite(value)) return []
  if (typeof value !== 'string') return [wrongType('a text', value, path)]
  const problem = textProblem(value)
  return problem === undefined
    ? []
    : [{ severity: 'error', code: 'bad-text', path, message: `the text ${problem}` }]
}

function checkInteger(value: unknown, path: DocumentPath): Issue[] {
  return Number.isSafeInteger(value) ? [] : [wrongType('a whole number', value, path)]
}

function checkDuration(value: unknown, path: DocumentPath): Issue[] {
  if (typeof value === 'string' && parseGoDuration(value) !== undefined) return []
  return [wrongType('a duration such as "30s", "5m" or "1h30m"', value, path)]
}

function checkItems(value: unknown, check: Check, path: DocumentPath): Issue[] {
  if (!Array.isArray(value)) return [wrongType('a list', value, path)]
  return value.flatMap((item, i) => check(item, [...path, i]))
}

function checkMap(
  value: unknown,
  check: Check,
  path: DocumentPath,
  isPatch: boolean,
  identifiers: boolean,
): Issue[] {
  if (!isTree(value)) return [wrongType('a map', value, path)]
  return Object.entries(value).flatMap(([key, item]) => {
    const here = [...path, key]
    const isUnset = item === undefined || (item === null && isPatch)
    return [...checkKey(key, here, identifiers), ...(isUnset ? [] : check(item, here))]
  })
}

function checkKey(key: string, path: DocumentPath, identifier: boolean): Issue[] {
  if (!identifier || isIdentifier(key)) return checkText(key, path)
  return [
    {
      severity: 'error',
      code: 'bad-key',
      path,
      message: 'HCL cannot write this key here',
      fix: 'use letters, digits, _ and -, and begin with a letter or _',
    },
  ]
}

/** A body that Nomad does not know: any tree of plain values. */
function checkFree(body: Tree, path: DocumentPath, isPatch: boolean, identifiers: boolean): Issue[] {
  return checkMap(body, (value, here) => checkFreeValue(value, here, isPatch), path, isPatch, identifiers)
}

function checkFreeValue(value: unknown, path: DocumentPath, isPatch: boolean): Issue[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => checkFreeValue(item, [...path, i], false))
  return isTree(value) ? checkFree(value, path, isPatch, false) : checkText(value, path)
}

function wrongType(wanted: string, value: unknown, path: DocumentPath): Issue {
  return {
    severity: 'error',
    code: 'wrong-type',
    path,
    message: `expected ${wanted}, got ${nameValue(value, path)}`,
  }
}
