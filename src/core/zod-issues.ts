import { closest } from './closest.ts'
import type { DocumentPath, Issue } from './issue.ts'
import { gotValue, quote } from './quote-value.ts'
import { keysOf } from './schema-at.ts'
import { unionIssues } from './union-issues.ts'
import { type Checked, pathOf, valueAt, type ZodIssue } from './zod-checked.ts'
import { ISSUE_CODES, plainWords } from './zod-words.ts'

/**
 * zod's issues as ours, in plain words: one for each unknown key, with the key that was probably meant; of a
 * union that fits in no form only what is wrong with the nearest one. A message that the schema itself gives
 * is kept, as are `params: { code, fix }` of a custom check. Values that look secret are not shown.
 */
export function zodIssues(issues: readonly ZodIssue[], checked: Checked): Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return unknownKeys(issue, checked)
    if (issue.code === 'invalid_union' && valueAt(checked.value, issue.path) !== undefined) {
      return unionIssues(issue, checked, zodIssues)
    }
    if (issue.code === 'invalid_key' || issue.code === 'invalid_element') return [badKey(issue, checked.base)]
    return [single(issue, checked)]
  })
}

function unknownKeys(
  issue: ZodIssue & { readonly code: 'unrecognized_keys' },
  { schema, value, base }: Checked,
): Issue[] {
  const at = pathOf(issue)
  const allowed = schema ? keysOf(schema, at, value) : []
  const given = valueAt(value, at)
  const free = allowed.filter(
    (key) => typeof given !== 'object' || given === null || !Object.hasOwn(given, key),
  )
  return issue.keys.map((key) => {
    const near = closest(key, free) ?? closest(key, allowed)
    const fix =
      near !== undefined
        ? `did you mean "${near}"?`
        : allowed.length > 0
          ? `known here: ${allowed.join(', ')}`
          : undefined
    return {
      severity: 'error',
      code: 'unknown-key',
      path: [...pathOf(issue, base), key],
      message: `unknown key ${quote(key)}`,
      ...(fix === undefined ? {} : { fix }),
    }
  })
}

function badKey(
  issue: ZodIssue & { readonly code: 'invalid_key' | 'invalid_element' },
  base: DocumentPath | undefined,
): Issue {
  const key = String(issue.path.at(-1))
  const reasons = issue.issues.map((reason) =>
    isOwnMessage(reason) ? reason.message : plainWords(reason, undefined, []).message,
  )
  const message = `the key ${quote(key)} ${reasons.join('; ') || 'is not allowed'}`
  return { severity: 'error', code: 'bad-key', path: pathOf(issue, base), message }
}

function single(issue: ZodIssue, { value, base }: Checked): Issue {
  const path = pathOf(issue, base)
  const given = valueAt(value, issue.path)
  if (issue.code === 'custom') return custom(issue, path)
  if (given === undefined) return { severity: 'error', code: 'missing-key', path, message: 'is required' }
  const words = isOwnMessage(issue)
    ? { message: `${issue.message}${gotValue(given, path)}` }
    : plainWords(issue, given, path)
  return { severity: 'error', code: ISSUE_CODES[issue.code], path, ...words }
}

function custom({ message, params = {} }: ZodIssue & { readonly code: 'custom' }, path: DocumentPath): Issue {
  const { code, fix } = params as { readonly code?: unknown; readonly fix?: unknown }
  return {
    severity: 'error',
    code: typeof code === 'string' ? code : ISSUE_CODES.custom,
    path,
    message,
    ...(typeof fix === 'string' ? { fix } : {}),
  }
}

/** zod's own wordings begin like this; those of our schemas say "must …" or "needs …". */
function isOwnMessage({ message }: ZodIssue): boolean {
  return !/^(?:Invalid|Too (?:big|small)|Unrecognized key|$)/.test(message)
}
