import { EventEmitter } from 'node:events'
import { expect, it, vi } from 'vitest'
import { defineCommand } from '../../src/cli/command.ts'
import { start } from '../../src/cli/start.ts'

const wait = vi.fn()
const commands = [
  {
    name: 'wait',
    describe: 'Wait',
    example: ['wait', ''] as const,
    load: async () => ({ default: defineCommand({ examples: [], run: async () => wait() }) }),
  },
]

function fakeProcess(line: string) {
  const stream = () => Object.assign(new EventEmitter(), { write: vi.fn(), isTTY: false, writableLength: 0 })
  return Object.assign(new EventEmitter(), {
    argv: ['node', 'drover', ...line.split(' ')],
    env: {},
    cwd: () => '/',
    stdout: stream(),
    stderr: stream(),
    exit: vi.fn(),
    exitCode: undefined as number | undefined,
  })
}

const run = (fake: ReturnType<typeof fakeProcess>) => start(fake as unknown as NodeJS.Process, commands)

it('leaves the exit code and ends, but not before its pipes are drained', async () => {
  wait.mockReturnValue(7)
  const fake = fakeProcess('wait')
  await run(fake)
  expect(fake.exitCode).toBe(7)
  expect(fake.exit).toHaveBeenCalledOnce()
  for (const stream of ['stdout', 'stderr'] as const) {
    const full = fakeProcess('wait')
    full[stream].writableLength = 1
    await run(full)
    expect(full.exitCode).toBe(7)
    expect(full.exit).not.toHaveBeenCalled()
  }
})

it('ends with 130 when interrupted, though the command has left something running', async () => {
  const fake = fakeProcess('wait')
  fake.stdout.writableLength = 1
  wait.mockImplementation(() => new Promise((resolve) => fake.emit('SIGINT') && resolve(0)))
  await run(fake)
  expect(fake.exitCode).toBe(130)
  expect(fake.exit).toHaveBeenCalledOnce()
})

it('ends at once at the second interrupt', async () => {
  const fake = fakeProcess('wait')
  wait.mockImplementation(() => {
    fake.emit('SIGINT')
    expect(fake.exit).not.toHaveBeenCalled()
    fake.emit('SIGINT')
    expect(fake.exit).toHaveBeenCalledWith(130)
    return 0
  })
  await run(fake)
})

it('takes a reader that goes away for the end, and no other error of a stream', async () => {
  const fake = fakeProcess('wait')
  wait.mockReturnValue(0)
  await run(fake)
  for (const stream of [fake.stdout, fake.stderr]) {
    stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    expect(fake.exit).toHaveBeenLastCalledWith(0)
    fake.exit.mockClear()
    expect(() => stream.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))).toThrow('full')
    expect(fake.exit).not.toHaveBeenCalled()
  }
})
