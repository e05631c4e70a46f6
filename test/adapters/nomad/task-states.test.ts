import { describe, expect, it } from 'vitest'
import { startedAt, type TaskState, trouble } from '../../../src/adapters/nomad/task-states.ts'

const event = (Type: string, DisplayMessage: string, more: object = {}) => ({ Type, DisplayMessage, ...more })
const STARTED = event('Started', 'Task started by client')
const task = (State: string, ...Events: ReturnType<typeof event>[]): TaskState => ({ State, Events })

describe('trouble()', () => {
  const exit3 = event('Terminated', 'Exit Code: 3', { ExitCode: 3 })
  it.each<[string, string, TaskState, string | undefined]>([
    ['none while it runs, whatever was before', 'running', task('running', exit3, STARTED), undefined],
    ['none when it has ended well', 'complete', task('dead', event('Terminated', 'Exit Code: 0')), undefined],
    ['none while it starts', 'pending', task('pending', event('Received', 'Task received')), undefined],
    ['a crash', 'pending', task('pending', STARTED, exit3, event('Restarting', 'in 15s')), 'Exit Code: 3'],
    ['a signal', 'failed', task('dead', event('Terminated', 'Signal: 9', { Signal: 9 })), 'Signal: 9'],
    [
      'a driver',
      'failed',
      task('dead', event('Driver Failure', 'no image'), event('Not Restarting', 'x')),
      'no image',
    ],
    [
      'a template',
      'pending',
      task('pending', event('Template', 'Missing: kv.block(x)')),
      'Missing: kv.block(x)',
    ],
    [
      'a killing that says why',
      'failed',
      task('dead', event('Killing', 'Template failed: x')),
      'Template failed: x',
    ],
    ['no ordinary killing', 'failed', task('dead', event('Killing', 'Sent interrupt')), undefined],
    ['the latest of several', 'pending', task('pending', exit3, event('Driver Failure', 'later')), 'later'],
  ])('%s', (_, status, main, words) => {
    expect(trouble(status, main, { main })).toBe(words)
  })

  it('of a helper counts while the main task waits for it', () => {
    const main = task('pending', event('Received', 'Task received'))
    const wait = task('pending', event('Terminated', 'Exit Code: 1', { ExitCode: 1 }))
    expect(trouble('running', main, { main, wait })).toBe('Exit Code: 1')
  })

  it('is cut to what people read', () => {
    const main = task('dead', event('Driver Failure', 'x'.repeat(10_000)))
    expect(trouble('failed', main, { main })).toHaveLength(500)
  })
})

describe('startedAt()', () => {
  it.each([
    ['2026-11-24T13:00:00.5Z', 1_795_525_200_500],
    ['0001-01-01T00:00:00Z', undefined],
    [null, undefined],
    ['soon', undefined],
  ])('%s', (StartedAt, time) => {
    expect(startedAt({ State: 'running', StartedAt })).toBe(time)
  })
})
