import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../helpers/run-cli.ts'
import { inFolder } from './in-folder.ts'

const folder = inFolder()
const REPOSITORY = join(import.meta.dirname, '../..')

const STACK = `name: shop
silence: { no-check: These are tests. }
broker: { software: bullmq, service: redis }
routes:
  "mail.*": mail
  "mail.bulk_*": bulk
services:
  redis: { image: redis:7, ports: { redis: 6379 } }
workers:
  light: { image: w:1, queues: [mail], scale: { max: 2 } }
  heavy: { image: w:1, queues: [bulk], scale: { max: 2 } }
`

describe('drover route', () => {
  it.each([
    ['mail.send', 'mail', 'light', 'mail.*'],
    ['mail.bulk_send', 'bulk', 'heavy', 'mail.bulk_*'],
  ])('says of %s: %s', async (task, queue, worker, pattern) => {
    folder.write({ 'stack.yml': STACK })
    const { code, stdout } = await folder.run(`route ${task} --json`)
    expect([code, JSON.parse(stdout)]).toEqual([0, [{ task, queue, worker, pattern }]])
  })

  it('lists every route, the most specific first', async () => {
    folder.write({ 'stack.yml': STACK })
    const { code, stdout } = await folder.run('route')
    expect(code).toBe(0)
    expect(stdout.split('\n').map((line) => line.trimEnd().replace(/ +/g, ' '))).toEqual([
      'QUEUE WORKER PATTERN',
      'bulk heavy mail.bulk_*',
      'mail light mail.*',
      '',
    ])
  })

  it('shows what it knows, and exits with 2 when a task has no route', async () => {
    folder.write({ 'stack.yml': STACK })
    const { code, stdout, stderr } = await folder.run('route mail.send pay.now')
    expect(code).toBe(2)
    expect(stdout).toMatch(/^mail\.send +mail +light +mail\.\*/m)
    expect(stdout).toMatch(/^pay\.now +- +- +-/m)
    expect(stderr).toMatch(/no route is for pay\.now\. Add a pattern to routes/)
  })

  it('prints task_routes for Celery, and takes no task then', async () => {
    folder.write({ 'stack.yml': STACK })
    expect(JSON.parse((await folder.run('route --celery')).stdout)).toEqual([
      ['mail.bulk_*', { queue: 'bulk' }],
      ['mail.*', { queue: 'mail' }],
    ])
    expect((await folder.run('route --celery mail.send')).code).toBe(2)
  })

  it('knows the tasks of the reference stack', async () => {
    const { code, stdout } = await runCli(
      ['route', 'src.tasks.run_shap', 'src.tasks.cache_warm', 'x', '--json'],
      {
        cwd: REPOSITORY,
      },
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual([
      { task: 'src.tasks.run_shap', queue: 'shap', worker: 'worker_heavy', pattern: 'src.tasks.run_shap*' },
      { task: 'src.tasks.cache_warm', queue: 'quick', worker: 'worker_light', pattern: 'src.tasks.cache_*' },
      { task: 'x', queue: 'default', worker: 'worker_light', pattern: '*' },
    ])
  })
})
