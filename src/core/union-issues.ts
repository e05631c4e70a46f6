import { closest } from './closest.ts'
import type { DocumentPath, Issue } from './issue.ts'
import { nameValue } from './quote-value.ts'
import { descriptionOf, unionAt } from './schema-at.ts'
import { type Checked, pathOf, valueAt, type ZodIssue } from './zod-checked.ts'
import { oneOf, plainWords, typeWord } from './zod-words.ts'

type UnionIssue = ZodIssue & { readonly code: 'invalid_union' }

/**
 * One set of issues for a value that fits none of a union's forms: those of the nearest form, or the list of
 * forms when the value is of another kind altogether.
 * @param translate zodIssues; passed in because the two call each other
 */
export function unionIssues(
  issue: UnionIssue,
  { value, schema, base = [] }: Checked,
  translate: (issues: readonly ZodIssue[], checked: Checked) => Issue[],
): Issue[] {
  const path = pathOf(issue, base)
  const given = valueAt(value, issue.path)
  if (issue.errors.length === 0) return [withoutForms(issue, given, path)]
  const union = schema && unionAt(schema, pathOf(issue), value)
  const forms = issue.errors.map((issues, index) => ({ issues, schema: union?._zod.def.options[index] }))
  const right = forms.filter(({ issues }) => !issues.some(isOtherKind))
  if (right.length > 0) {
    const nearest = right
      .map((form) => ({ form, rank: rankOf(form.issues, given, right) }))
      .sort((one, other) => compare(one.rank, other.rank))[0]
    if (nearest)
      return translate(nearest.form.issues, { value: given, schema: nearest.form.schema, base: path })
  }
  const message = `expected ${listForms(forms.map((form) => form.issues))}, got ${nameValue(given, path)}`
  const description = descriptionOf(union)
  return [
    {
      severity: 'error',
      code: 'wrong-form',
      path,
      message,
      ...(description === undefined ? {} : { fix: description.replace(/\.$/, '') }),
    },
  ]
}

/** A map whose `type` (or the like) names no form, or a value that fits two exclusive forms. */
function withoutForms(issue: UnionIssue, given: unknown, path: DocumentPath): Issue {
  const options = 'options' in issue ? issue.options : undefined
  if (!options) return { severity: 'error', code: 'wrong-form', path, message: 'fits more than one form' }
  return {
    severity: 'error',
    code: 'wrong-value',
    path,
    ...plainWords({ code: 'invalid_value', values: options, path: [], message: '' }, given, path),
  }
}

/** The form is of another kind than the value (a list, a text); nothing deeper was compared. */
function isOtherKind(issue: ZodIssue): boolean {
  if (issue.path.length > 0) return false
  if (issue.code === 'invalid_union')
    return issue.errors.length > 0 && issue.errors.every((issues) => issues.some(isOtherKind))
  return issue.code === 'invalid_type' || issue.code === 'invalid_value'
}

/** Smaller is nearer: keys that do not belong there or are missing, then how far those are from known ones, then the rest. */
function rankOf(
  issues: readonly ZodIssue[],
  given: unknown,
  all: readonly { readonly issues: readonly ZodIssue[] }[],
): number[] {
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []))
  const missing = issues.filter((issue) => issue.path.length > 0 && valueAt(given, issue.path) === undefined)
  const missingNames = missing.map((issue) => String(issue.path[0]))
  const misspelt = unknown.filter((key) => closest(key, missingNames) !== undefined).length
  const literals = issues.filter((issue) => issue.code === 'invalid_value' && issue.path.length === 1).length
  const deepest = Math.max(0, ...issues.map((issue) => issue.path.length))
  const position = all.findIndex((form) => form.issues === issues)
  return [literals, unknown.length + missing.length - 2 * misspelt, -deepest, issues.length, position]
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, number] of one.entries()) {
    const difference = number - (other[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** `a text, a number or a list`, from what each form expected. */
function listForms(forms: readonly (readonly ZodIssue[])[]): string {
  const words = forms.flatMap(function words(issues): string[] {
    return issues.flatMap((issue) => {
      if (issue.code === 'invalid_type') return [typeWord(issue.expected)]
      if (issue.code === 'invalid_value') return issue.values.map((value) => oneOf([value]))
      return issue.code === 'invalid_union' ? issue.errors.flatMap(words) : []
    })
  })
  const unique = [...new Set(words)]
  return unique.length < 2 ? unique.join('') : `${unique.slice(0, -1).join(', ')} or ${unique.at(-1)}`
}
