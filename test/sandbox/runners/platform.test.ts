import { describe, expect, it } from 'vitest'
import {
  manualClock,
  platformRunner,
  type Runner,
  type TaskExit,
  type TaskStart,
  workerGroupOf,
} from '../../../src/sandbox/index.ts'

interface Given {
  readonly type?: string
  readonly driver?: string
  readonly hook?: string
  readonly sidecar?: boolean
  readonly queues?: readonly string[]
  readonly name?: string
}

function given({ type = 'service', driver = 'docker', hook, sidecar = false, queues, name = 'g' }: Given) {
  const exits: TaskExit[] = []
  const task = {
    Name: name,
    Driver: driver,
    Lifecycle: hook === undefined ? null : { Hook: hook, Sidecar: sidecar },
  }
  const group = {
    Name: 'g',
    Tasks: [{ ...task, Name: 'g' }, task],
    Scaling: queues === undefined ? null : { Policy: { drover: [{ queues }] } },
  }
  const start = {
    allocation: { ID: 'a', Name: 'j.g[0]', TaskGroup: 'g', Job: { Type: type, TaskGroups: [group] } },
    task,
    env: {},
    started() {},
    exited: (exit: TaskExit) => exits.push(exit),
  } as unknown as TaskStart
  return { start, exits }
}

function platform() {
  const clock = manualClock()
  const ran: string[] = []
  const runner = (name: string): Runner => ({
    start() {
      ran.push(name)
      return { signal() {}, kill() {} }
    },
    async close() {
      ran.push(`${name} closed`)
    },
  })
  const options = { clock, startUpMs: () => 100, runMs: 50 }
  return {
    clock,
    ran,
    runner: platformRunner({ ...options, workers: runner('worker'), programs: runner('program') }),
    options,
  }
}

describe('who runs a task', () => {
  it.each([
    ['a service', {}, []],
    ['a program', { driver: 'raw_exec' }, ['program']],
    ['another program', { driver: 'exec', type: 'batch' }, ['program']],
    ['a worker', { type: 'batch', queues: ['q'] }, ['worker']],
    ['a worker that is a program', { type: 'batch', driver: 'raw_exec', queues: ['q'] }, ['worker']],
    [
      'a helper of a worker',
      { type: 'batch', queues: ['q'], name: 'h', hook: 'prestart', sidecar: true },
      [],
    ],
    ['another task beside a worker', { type: 'batch', queues: ['q'], name: 'other' }, []],
    ['a group with a policy without queues', { type: 'batch', queues: [] }, []],
  ])('%s', (_, what: Given, expected) => {
    const { runner, ran } = platform()
    runner.start(given(what).start)
    expect(ran).toEqual(expected)
  })

  it.each([
    ['a service goes on', {}, false],
    ['a batch job ends well', { type: 'batch' }, true],
    ['what prepares ends well, of a service too', { hook: 'prestart' }, true],
    ['a helper goes on', { type: 'batch', hook: 'prestart', sidecar: true }, false],
    ['a worker that nobody runs waits', { type: 'batch', queues: ['q'] }, false],
  ])('%s', (_, what: Given, ends) => {
    const { clock, options } = platform()
    const runner = platformRunner(options)
    const { start, exits } = given(what)
    runner.start(start)
    clock.advance(149)
    expect(exits).toEqual([])
    clock.advance(1000)
    expect(exits).toEqual(ends ? [{ code: 0, signal: 0 }] : [])
  })

  it('closes those who run something', async () => {
    const { runner, ran } = platform()
    await runner.close?.()
    expect(ran.sort()).toEqual(['program closed', 'worker closed'])
  })
})

it('a worker runs one task at once unless its policy says more', () => {
  expect(workerGroupOf(given({ queues: ['a', 'b'] }).start)).toEqual({ queues: ['a', 'b'], concurrency: 1 })
  expect(workerGroupOf(given({}).start)).toBeUndefined()
})
