import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLog, type LogOptions } from '../../src/log/create-log.ts'

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

function logTo(options: Partial<LogOptions> & { isTTY?: boolean } = {}) {
  const lines: string[] = []
  const { isTTY = false, ...rest } = options
  const stream = { isTTY, write: (text: string) => lines.push(text) }
  return { lines, log: createLog({ level: 'info', format: 'auto', stream, now: Date.now, ...rest }) }
}

beforeEach(() => {
  vi.useFakeTimers({ now: AT })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('createLog', () => {
  it('writes one line of JSON where nobody looks', () => {
    const { log, lines } = logTo()
    log.info('worker_heavy: 0 to 4, 12 waiting', { kind: 'scale', group: 'worker_heavy', from: 0, to: 4 })
    log.debug('not this')
    log.error('and this')
    expect(lines).toEqual([
      '{"level":"info","time":"2026-01-02T03:04:05.678Z","kind":"scale","group":"worker_heavy","from":0,"to":4,"message":"worker_heavy: 0 to 4, 12 waiting"}\n',
      '{"level":"error","time":"2026-01-02T03:04:05.678Z","message":"and this"}\n',
    ])
  })

  it('writes text on a terminal', () => {
    const { log, lines } = logTo({ isTTY: true })
    log.warn('it cannot\nbe \u001b[31mread', { source: 'celery', why: 'no answer', count: 2, more: [1] })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(
      /^\d\d:04:05\.678 warn {2}it cannot be \[31mread source=celery why="no answer" count=2 more=\[1\]\n$/,
    )
  })

  it('takes the form that was asked for, and colours on a terminal only', () => {
    const json = logTo({ isTTY: true, format: 'json', color: true })
    json.log.info('x')
    expect(json.lines[0]).toMatch(/^\{/)
    const piped = logTo({ format: 'text', color: true })
    piped.log.error('x')
    expect(piped.lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} error x\n$/)
    const shown = logTo({ isTTY: true, color: true })
    shown.log.error('x')
    expect(shown.lines[0]).toContain('\u001b[31m')
  })

  it('follows a change of the level', () => {
    const { log, lines } = logTo()
    log.setLevel('debug')
    log.debug('now')
    log.setLevel('error')
    log.warn('no more')
    expect(lines).toHaveLength(1)
  })

  it('says the same again once a minute, with the count of the last', () => {
    const { log, lines } = logTo()
    for (let count = 0; count < 5; count++) log.warn('no leader', { count })
    log.info('no leader')
    expect(lines).toHaveLength(2)
    vi.advanceTimersByTime(80_000)
    expect(lines).toHaveLength(3)
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({
      level: 'warn',
      message: 'no leader (4 times more within a minute)',
      count: 4,
      repeated: 4,
    })
    log.warn('no leader')
    log.warn('no leader')
    expect(lines).toHaveLength(4)
    log.close()
    expect(lines[4]).toContain('once more within a minute')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('goes on when the clock is set back by a day', () => {
    const { log, lines } = logTo()
    log.info('x')
    vi.setSystemTime(AT - 86_400_000)
    log.info('x')
    log.info('x')
    expect(lines).toHaveLength(2)
  })
})
