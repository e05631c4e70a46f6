import type { DocumentPath, Issue } from '../issue.ts'
import { SECTIONS } from '../stack/sections.ts'
import type { Job, Stack } from '../stack/stack.ts'
import type { Finding, Rule, Settings } from './rule.ts'
import { type StackView, silenceKey, viewOf } from './view.ts'

/**
 * Everything that is wrong with a stack, in the order of the rules. What the stack or the job silences is
 * left out; the same problem in a block that several jobs share is told once.
 */
export function runRules(stack: Stack, rules: readonly Rule[]): Issue[] {
  const used = new Set<string>()
  const view = viewOf(stack, new Map(rules.map((rule) => [rule.code, rule])), used)
  const issues = new Map<string, Issue>()
  const inJobs = findInJobs(view, rules)
  for (const rule of rules)
    for (const finding of rule.check.ofJob ? (inJobs.get(rule) ?? []) : rule.check(view)) {
      const silences = silencesOf(stack, view.jobs, rule, finding)
      for (const silence of silences) used.add(silence)
      if (silences.length > 0) continue
      const issue = toIssue(rule, finding)
      const key = JSON.stringify([issue.code, issue.path, issue.message])
      if (!issues.has(key)) issues.set(key, issue)
    }
  return [...issues.values()]
}

interface Found {
  readonly rules: readonly Rule[]
  readonly settings: string
  readonly findings: readonly (readonly [Rule, Finding])[]
}

const foundInJobs = new WeakMap<Job, Found>()

/** What those rules find that look at one job at a time; a job is looked at again when it or a setting is another. */
function findInJobs({ stack, settings }: StackView, rules: readonly Rule[]): Map<Rule, Finding[]> {
  const byRule = new Map<Rule, Finding[]>()
  for (const job of stack.jobs) {
    let found = foundInJobs.get(job)
    if (found?.rules !== rules || found.settings !== settings) {
      found = { rules, settings, findings: findInJob(job, stack, rules) }
      foundInJobs.set(job, found)
    }
    for (const [rule, finding] of found.findings) {
      const findings = byRule.get(rule)
      if (findings) findings.push(finding)
      else byRule.set(rule, [finding])
    }
  }
  return byRule
}

function findInJob(job: Job, settings: Settings, rules: readonly Rule[]): [Rule, Finding][] {
  return rules.flatMap((rule) =>
    rule.check.ofJob
      ? [...rule.check.ofJob(job, settings)].map((finding): [Rule, Finding] => [rule, finding])
      : [],
  )
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
