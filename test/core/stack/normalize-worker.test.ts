import { describe, expect, it } from 'vitest'
import { worker } from './job-of.ts'

describe('normalize: workers', () => {
  it('fills in every default', () => {
    const job = worker()
    expect(job.worker).toEqual({
      queues: ['q'],
      concurrency: 1,
      scale: {
        min: 0,
        max: 3,
        typical: 1,
        keepAliveMs: 300_000,
        startUpMs: 30_000,
        strategies: { backlog: {} },
        up: { cooldownMs: 0, stabilizationMs: 0 },
        down: { cooldownMs: 0, stabilizationMs: 0 },
      },
      jobType: 'batch',
    })
    expect(job.count).toBe(0)
    expect(job.main.files).toEqual([])
  })

  it.each([
    [{ max: 4 }, 2],
    [{ min: 1, max: 4 }, 2],
    [{ min: 3, max: 3 }, 3],
    [{ min: 0, max: 4, typical: 0 }, 0],
  ])('typical count of %j', (scale, typical) => expect(worker({ scale }).worker?.scale.typical).toBe(typical))

  it('starts with the least count', () => expect(worker({ scale: { min: 2, max: 4 } }).count).toBe(2))

  it.each([
    ['what the client allows', {}, '30s', '30s'],
    ['what the client allows, when that is much', {}, '3h', '3h'],
    ['the longest task and a minute', { longest_task: '10m' }, '3h', '11m'],
    ['no more than the client allows', { longest_task: '10m' }, '5m', '5m'],
    ['the time limit and a minute', { celery: { app: 'a', time_limit: '2h' } }, '3h', '2h1m'],
    [
      'the longest task before the time limit',
      { longest_task: '1h', celery: { app: 'a', time_limit: '2h' } },
      '3h',
      '1h1m',
    ],
    ['what is written', { kill_timeout: '5s', longest_task: '1h' }, '3h', '5s'],
  ])('kill timeout: %s', (_, written, most, timeout) => {
    expect(worker(written, { cluster: { max_kill_timeout: most } }).main.killTimeout).toBe(timeout)
  })

  it('a file that changes does not disturb a worker', () => {
    const { main } = worker({ files: { '/a': { content: '' }, '/b': { content: '', on_change: 'restart' } } })
    expect(main.files.map(({ onChange }) => onChange)).toEqual(['none', 'restart'])
  })

  it('writes the command of a Celery worker, unless there is one', () => {
    const celery = { app: 'src.app' }
    expect(worker({ celery }).main.command?.flat()).toContain('--hostname=it@${NOMAD_ALLOC_ID}')
    expect(worker({ celery, command: 'own thing' }).main.command).toEqual([['own'], ['thing']])
  })
})
