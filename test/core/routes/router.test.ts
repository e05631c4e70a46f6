import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRouter } from '../../../src/core/routes/router.ts'

/** The routes of the reference stack. */
const E2I = {
  'src.tasks.run_shap*': 'shap',
  'src.tasks.shap_*': 'shap',
  'src.tasks.causal_*': 'causal',
  'src.tasks.refute_*': 'causal',
  'src.tasks.train_*': 'ml',
  'src.tasks.ml_*': 'ml',
  'src.tasks.generate_twins*': 'twins',
  'src.tasks.twin_*': 'twins',
  'src.tasks.analytics_*': 'analytics',
  'src.tasks.report_*': 'reports',
  'src.tasks.aggregate_*': 'aggregations',
  'src.tasks.api_*': 'api',
  'src.tasks.cache_*': 'quick',
  'src.tasks.notify_*': 'quick',
  '*': 'default',
}

describe('the routes of the reference stack', () => {
  it.each([
    ['src.tasks.run_shap', 'shap'],
    ['src.tasks.run_shap_batch', 'shap'],
    ['src.tasks.shap_global', 'shap'],
    ['src.tasks.shap', 'default'],
    ['src.tasks.causal_refutation', 'causal'],
    ['src.tasks.refute_placebo', 'causal'],
    ['src.tasks.train_model', 'ml'],
    ['src.tasks.ml_score', 'ml'],
    ['src.tasks.generate_twins', 'twins'],
    ['src.tasks.generate_twins_large', 'twins'],
    ['src.tasks.twin_validate', 'twins'],
    ['src.tasks.analytics_daily', 'analytics'],
    ['src.tasks.report_pdf', 'reports'],
    ['src.tasks.aggregate_hour', 'aggregations'],
    ['src.tasks.api_call', 'api'],
    ['src.tasks.cache_warm', 'quick'],
    ['src.tasks.notify_user', 'quick'],
    ['src.other.shap_global', 'default'],
    ['celery.backend_cleanup', 'default'],
  ])('%s goes to %s', (task, queue) => {
    expect(createRouter(E2I).route(task)?.queue).toBe(queue)
  })
})

describe('the most specific pattern wins', () => {
  it.each<[string, Record<string, string>, string, string | undefined]>([
    ['a name over a pattern with more letters', { 'a.b': 'name', 'a.b*': 'any' }, 'a.b', 'name'],
    ['more letters over fewer', { 'a.*': 'few', 'a.b*': 'many' }, 'a.bc', 'many'],
    ['more letters, wherever they are', { 'a.*': 'start', '*.nightly': 'end' }, 'a.nightly', 'end'],
    ['fewer stars over more', { '*a*': 'two', '*a': 'one' }, 'xa', 'one'],
    ['more text before the star', { 'a*bc': 'late', 'ab*c': 'early' }, 'abc', 'early'],
    ['the one written first', { 'ab*': 'first', 'a*b': 'second' }, 'ab', 'first'],
    ['and the one with the longer start is not second', { 'a*b': 'second', 'ab*': 'first' }, 'ab', 'first'],
    ['no pattern, no queue', { 'a.*': 'a' }, 'b.c', undefined],
    ['a star stands for nothing too', { 'a*b': 'x' }, 'ab', 'x'],
    ['a pattern is for the whole name', { 'a*b': 'x' }, 'abc', undefined],
    ['texts do not overlap', { 'ab*ba': 'x' }, 'aba', undefined],
    ['other signs are themselves', { 'a.?*': 'x' }, 'a.bc', undefined],
  ])('%s', (_, routes, task, queue) => {
    expect(createRouter(routes).route(task)?.queue).toBe(queue)
  })
})

const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 })
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), minLength: 1, maxLength: 8 })

it('matches as a regular expression does', () => {
  fc.assert(
    fc.property(pattern, name, (written, task) => {
      const same = new RegExp(`^${written.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(task)
      expect(createRouter({ [written]: 'q' }).route(task) !== undefined).toBe(same)
    }),
  )
})

it('a pattern wins over a wider one that is made from it, wherever they are written', () => {
  const narrowAndWide = pattern.chain((narrow) =>
    fc
      .tuple(fc.nat(narrow.length - 1), fc.nat(narrow.length))
      .map(
        ([at, length]) =>
          [narrow, `${narrow.slice(0, at)}*${narrow.slice(at + Math.max(1, length))}`] as const,
      ),
  )
  fc.assert(
    fc.property(
      narrowAndWide,
      fc.array(name, { minLength: 1 }),
      fc.boolean(),
      ([narrow, wide], fills, first) => {
        fc.pre(narrow !== wide && narrow.replaceAll(/\*+/g, '*') !== wide.replaceAll(/\*+/g, '*'))
        let next = 0
        const task = narrow.replaceAll('*', () => fills[next++ % fills.length] ?? '')
        const both = [
          [narrow, 'narrow'],
          [wide, 'wide'],
        ]
        expect(createRouter(Object.fromEntries(first ? both : both.reverse())).route(task)?.queue).toBe(
          'narrow',
        )
      },
    ),
  )
})

it('lists the routes so that the first match is the one that wins', () => {
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { minLength: 1, maxLength: 6 }), name, (patterns, task) => {
      const router = createRouter(Object.fromEntries(patterns.map((one) => [one, `queue of ${one}`])))
      const first = router.routes.find((one) => createRouter({ [one.pattern]: one.queue }).route(task))
      expect(first).toEqual(router.route(task))
    }),
  )
})
