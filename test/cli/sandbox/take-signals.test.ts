import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { aborted, type SignalledProcess, takeSignals } from '../../../src/cli/sandbox/take-signals.ts'

function fakeProcess() {
  const exits: number[] = []
  const process = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) })
  return { process: process as unknown as SignalledProcess & EventEmitter, exits }
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s asks to stop, once', async (name) => {
  const { process, exits } = fakeProcess()
  let others = 0
  process.on('SIGINT', () => others++)
  const { stopped, release } = takeSignals(process, new AbortController().signal)
  const end = aborted(stopped)
  process.emit(name, name)
  await end
  expect([others, exits]).toEqual([0, []])
  process.emit('SIGTERM', 'SIGTERM')
  expect(exits).toEqual([])
  process.emit('SIGINT', 'SIGINT')
  expect(exits).toEqual([130])
  release()
  expect(process.eventNames()).toEqual([])
})

it('so does whoever else interrupts', async () => {
  const { process } = fakeProcess()
  const other = new AbortController()
  const { stopped } = takeSignals(process, other.signal)
  other.abort()
  await aborted(stopped)
  expect(stopped.aborted).toBe(true)
})
