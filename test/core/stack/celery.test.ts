import { describe, expect, it } from 'vitest'
import { celeryCommand } from '../../../src/core/stack/celery.ts'
import type { Celery } from '../../../src/core/stack/stack.ts'

const LEAST: Celery = { app: 'src.app', logLevel: 'INFO', prefetchMultiplier: 1, arguments: [] }
const words = (celery: Partial<Celery>) =>
  celeryCommand('heavy', ['a', 'b'], 2, { ...LEAST, ...celery }).map((word) => word.join(''))

describe('celeryCommand', () => {
  it('names the node after the allocation, and takes nothing in stock', () =>
    expect(words({})).toEqual([
      'celery',
      '-A',
      'src.app',
      'worker',
      '--loglevel=INFO',
      '--concurrency=2',
      '--queues=a,b',
      '--prefetch-multiplier=1',
      '--hostname=heavy@${NOMAD_ALLOC_ID}',
      '--without-gossip',
      '--without-mingle',
    ]))

  it.each([
    [{ maxTasksPerChild: 10 }, ['--max-tasks-per-child=10']],
    [{ timeLimitMs: 7_200_000 }, ['--time-limit=7200']],
    [{ softTimeLimitMs: 1500 }, ['--soft-time-limit=2']],
    [{ arguments: ['--pool=solo', '-O fair'] }, ['--pool=solo', '-O fair']],
  ])('%j adds %j at the end', (celery, added) => expect(words(celery).slice(11)).toEqual(added))

  it('takes log level and prefetch as written', () =>
    expect(words({ logLevel: 'DEBUG', prefetchMultiplier: 4 })).toEqual(
      expect.arrayContaining(['--loglevel=DEBUG', '--prefetch-multiplier=4']),
    ))
})
