import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { celeryRoutes } from '../../../src/core/routes/celery-routes.ts'
import { createRouter } from '../../../src/core/routes/router.ts'

const ROUTES = {
  '*': 'default',
  'app.*': 'app',
  'app.report_*': 'reports',
  'app.report_daily': 'daily',
  'app.*_nightly': 'nightly',
  'app.odd?[x]*': 'odd',
}

const TASKS = [
  'app.report_daily',
  'app.report_weekly',
  'app.report_',
  'app.x_nightly',
  'app.report_x_nightly',
  'app.odd?[x]y',
  'app.odd1xy',
  'app.',
  'other.report_daily',
]

it('writes the most specific first, and signs that Celery would read otherwise as sets', () => {
  expect(celeryRoutes(createRouter(ROUTES))).toEqual([
    ['app.report_daily', { queue: 'daily' }],
    ['app.*_nightly', { queue: 'nightly' }],
    ['app.report_*', { queue: 'reports' }],
    ['app.odd[?][[]x]*', { queue: 'odd' }],
    ['app.*', { queue: 'app' }],
    ['*', { queue: 'default' }],
  ])
})

const python = spawnSync('python3', ['-c', 'pass']).status === 0

it.skipIf(!python)('means the same to fnmatch, by which Celery matches', () => {
  const router = createRouter(ROUTES)
  const script = `
import fnmatch, json, re, sys
routes, tasks = json.load(sys.stdin)
def route(task):
    for pattern, options in routes:
        if ("*" not in pattern and pattern == task):
            return options["queue"]
    for pattern, options in routes:
        if "*" in pattern and re.match(fnmatch.translate(pattern), task):
            return options["queue"]
print(json.dumps([route(task) for task in tasks]))
`
  const answer = spawnSync('python3', ['-c', script], {
    input: JSON.stringify([celeryRoutes(router), TASKS]),
    encoding: 'utf8',
  })
  expect(JSON.parse(answer.stdout)).toEqual(TASKS.map((task) => router.route(task)?.queue ?? null))
})
