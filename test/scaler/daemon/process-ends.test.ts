import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Ends, type ProcessSignals, processEnds } from '../../../scaler/daemon/process-ends.ts'
import { createLog } from '../../../src/log/create-log.ts'

describe('processEnds', () => {
  let process: EventEmitter & { exits: number[] }
  let lines: string[]
  let hangUps: number
  let abort: AbortController
  let ends: Ends

  beforeEach(() => {
    process = Object.assign(new EventEmitter(), { exits: [] as number[] })
    lines = []
    hangUps = 0
    abort = new AbortController()
    const log = createLog({
      level: 'info',
      format: 'json',
      stream: { write: (text) => lines.push(text) },
      now: () => 0,
    })
    const signals = Object.assign(process, { exit: (code: number) => process.exits.push(code) })
    process.on('SIGINT', () => process.exits.push(-1))
    ends = processEnds(signals as unknown as ProcessSignals, log, abort.signal, () => hangUps++)
  })

  it.each(['SIGTERM', 'SIGINT'])('stops on %s, which nobody else hears', async (name) => {
    process.emit(name)
    expect(await ends.stopped).toBe(name)
    expect(process.exits).toEqual([])
  })

  it('stops at once on a second SIGINT, but not on a second SIGTERM', async () => {
    process.emit('SIGTERM')
    process.emit('SIGTERM')
    expect(process.exits).toEqual([])
    process.emit('SIGINT')
    expect(process.exits).toEqual([130])
  })

  it('stops when it is told to within the program', async () => {
    abort.abort()
    expect(await ends.stopped).toBe('interrupt')
  })

  it('hands SIGHUP on, and stops listening in the end', () => {
    process.emit('SIGHUP')
    expect(hangUps).toBe(1)
    ends.close()
    expect(process.eventNames()).toEqual([])
  })

  it.each(['uncaughtException', 'unhandledRejection'])('logs an %s and ends', (event) => {
    process.emit(event, new Error('a bug at redis://:hunter2@host'))
    expect(process.exits).toEqual([1])
    expect(lines.join()).toContain('a bug at redis://***@host')
  })
})
