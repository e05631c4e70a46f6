import type { DocumentPath, Issue } from '../issue.ts'
import { SECTIONS } from '../stack/sections.ts'
import type { Stack } from '../stack/stack.ts'
import type { Finding, Rule } from './rule.ts'
import { silenceKey, viewOf } from './view.ts'

/**
 * Everything that is wrong with a stack, in the order of the rules. What the stack or the job silences is
 * left out; the same problem in a block that several jobs share is told once.
 */
export function runRules(stack: Stack, rules: readonly Rule[]): Issue[] {
  const used = new Set<string>()
  const view = viewOf(stack, new Map(rules.map((rule) => [rule.code, rule])), used)
  const issues = new Map<string, Issue>()
  for (const rule of rules)
    for (const finding of rule.check(view)) {
      const silences = silencesOf(stack, view.jobs, rule, finding)
      for (const silence of silences) used.add(silence)
      if (silences.length > 0) continue
      const issue = toIssue(rule, finding)
      const key = JSON.stringify([issue.code, issue.path, issue.message])
      if (!issues.has(key)) issues.set(key, issue)
    }
  return [...issues.values()]
}

type Jobs = ReturnType<typeof viewOf>['jobs']

/** The entries of `silence` that cover a finding. */
function silencesOf(stack: Stack, jobs: Jobs, rule: Rule, finding: Finding): string[] {
  if (!rule.silenceable) return []
  const job = finding.job ?? jobAt(finding.path)
  const silences: string[] = []
  if (job !== undefined && Object.hasOwn(jobs.get(job)?.silence ?? {}, rule.code))
    silences.push(silenceKey(rule.code, job))
  if (Object.hasOwn(stack.silence, rule.code)) silences.push(silenceKey(rule.code))
  return silences
}

function jobAt([section, name]: DocumentPath): string | undefined {
  return typeof section === 'string' && Object.hasOwn(SECTIONS, section) && typeof name === 'string'
    ? name
    : undefined
}

function toIssue(rule: Rule, { path, message, fix }: Finding): Issue {
  return { severity: rule.severity, code: rule.code, path, message, fix: fix ?? rule.fix }
}
