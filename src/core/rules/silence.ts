import type { DocumentPath } from '../issue.ts'
import { type Rule, suggest } from './rule.ts'
import { type StackView, silenceKey } from './view.ts'

export const badSilence: Rule = {
  code: 'bad-silence',
  severity: 'error',
  silenceable: false,
  reason: 'Only rules that the user may know better than can be silenced, by their code.',
  fix: 'remove it',
  *check(view) {
    const silenceable = [...view.rules.values()].filter((rule) => rule.silenceable).map(({ code }) => code)
    for (const { code, path } of silences(view)) {
      const rule = view.rules.get(code)
      if (rule === undefined)
        yield { path, message: `no rule has the code "${code}"`, fix: suggest(code, silenceable) }
      else if (!rule.silenceable) yield { path, message: `"${code}" cannot be silenced: ${rule.fix}` }
    }
  },
}

/** Runs after all other rules. */
export const unusedSilence: Rule = {
  code: 'unused-silence',
  severity: 'warning',
  silenceable: true,
  reason: 'A silence that is not needed any more would hide the next problem of its kind.',
  fix: 'remove it',
  *check(view) {
    for (const { code, job, path } of silences(view))
      if (
        code !== 'unused-silence' &&
        view.rules.get(code)?.silenceable &&
        !view.usedSilences.has(silenceKey(code, job))
      )
        yield { path, message: `"${code}" is silenced, but there is nothing to silence` }
  },
}

function* silences({ stack }: StackView): Generator<{ code: string; job?: string; path: DocumentPath }> {
  for (const code of Object.keys(stack.silence)) yield { code, path: ['silence', code] }
  for (const { silence, name, path } of stack.jobs)
    for (const code of Object.keys(silence)) yield { code, job: name, path: [...path, 'silence', code] }
}
