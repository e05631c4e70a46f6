import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Screen, ScreenListener } from '../../../src/cli/watch-status/screen.ts'
import type { CliSurroundings } from '../../helpers/run-cli.ts'
import { waitUntil } from '../../helpers/wait-until.ts'
import { HEAVY, inputsOf, MAILER, NOW, reportOf, scaleOf } from '../../scaler/fake-scaler.ts'
import { withScaler } from '../commands/scaler.ts'

const scaler = withScaler()

/** A terminal that keeps what it is shown. */
function aTerminal() {
  const seen = { frames: [] as string[], isOpen: false, listener: undefined as ScreenListener | undefined }
  const size = { columns: 100, rows: 20 }
  const openScreen = async (listener: ScreenListener): Promise<Screen> => {
    seen.isOpen = true
    seen.listener = listener
    return {
      size: () => size,
      draw: (lines) => void seen.frames.push(lines.join('\n')),
      close: () => {
        seen.isOpen = false
      },
    }
  }
  return {
    seen,
    size,
    openScreen,
    press: (...keys: string[]) => {
      for (const key of keys) seen.listener?.key(key)
    },
    until: (pattern: RegExp) =>
      waitUntil(`${pattern} is shown`, async () => pattern.exec(seen.frames.at(-1) ?? '')?.[0], {
        everyMs: 10,
        withinMs: 10_000,
      }),
  }
}

let terminal = aTerminal()
let run: ReturnType<typeof scaler.run> | undefined
beforeEach(() => {
  terminal = aTerminal()
})
afterEach(async () => {
  terminal.press('q')
  await run
})

async function watch(line = 'status --watch', { env, ...others }: CliSurroundings = {}): Promise<void> {
  const stdout = { isTTY: true, columns: 100, write: () => true }
  run = scaler.run(line, {
    openScreen: terminal.openScreen,
    stdout,
    env: { NO_COLOR: '1', ...env },
    ...others,
  })
  await terminal.until(/worker_heavy/)
}

describe('drover status --watch on a terminal', () => {
  it('shows groups and what happens, as it happens', async () => {
    scaler.server.scaler.emit({ kind: 'observed', group: HEAVY, what: 'x' }, 'before', NOW - 1000)
    await watch()
    await terminal.until(/11:59:59 {2}before/)
    scaler.server.scaler.setGroup(reportOf(HEAVY, { live: 3, explained: 'grows' }))
    await waitUntil('the stream', async () => {
      scaler.server.scaler.emit({ kind: 'observed', group: HEAVY, what: 'x' }, 'after')
      return terminal.seen.frames.at(-1)?.includes('after') || undefined
    })
    await terminal.until(/worker_heavy .* 3\/4 .*grows/)
  })

  it('ends with q, and closes the screen', async () => {
    await watch()
    terminal.press('q')
    expect(await run).toMatchObject({ code: 0, stderr: '' })
    expect(terminal.seen.isOpen).toBe(false)
  })

  it('ends when it is interrupted', async () => {
    const abort = new AbortController()
    await watch('status --watch', { signal: abort.signal })
    abort.abort()
    expect((await run)?.code).toBe(130)
    expect(terminal.seen.isOpen).toBe(false)
  })

  it('chooses a group with keys, and pauses and resumes it', async () => {
    await watch()
    await terminal.until(/^> {2}worker_heavy/m)
    terminal.press('j', 'j', 'k', 'down')
    await terminal.until(/^> {2}staging\/shop\/mailer/m)
    terminal.press('p', 'p')
    await terminal.until(/staging\/shop\/mailer is paused\./)
    expect(scaler.server.scaler.orders).toEqual([['pause', 'staging/shop/mailer', { by: 'anna' }]])
    scaler.server.scaler.setGroup(reportOf(MAILER, { paused: { since: NOW } }))
    await terminal.until(/^>p staging/m)
    terminal.press('up', 'down')
    await terminal.until(/p resume/)
    terminal.press('p')
    await terminal.until(/staging\/shop\/mailer is scaled again\./)
    expect(scaler.server.scaler.orders.at(-1)).toEqual(['resume', 'staging/shop/mailer', { by: 'anna' }])
  })

  it('says so when there is no token', async () => {
    await watch('status --watch', { env: { DROVER_TOKEN: undefined } })
    terminal.press('p')
    await terminal.until(/an order needs a token\. Set DROVER_TOKEN/)
    expect(scaler.server.scaler.orders).toEqual([])
  })

  it.each(['w', 'return'])('explains with %s, and goes back', async (key) => {
    const decision = scaleOf(HEAVY, NOW - 5000)
    const fact = { kind: 'decision', group: HEAVY, decision, isNews: true, inputs: inputsOf(HEAVY) } as const
    scaler.server.scaler.emit(fact, 'worker_heavy: 1 -> 4', NOW - 5000)
    await watch()
    terminal.press(key)
    await terminal.until(/Why worker_heavy[\s\S]*backlog wants 5: 4 waiting \+ 1 active need 5/)
    terminal.press('j')
    await terminal.until(/Why staging\/shop\/mailer[\s\S]*nothing has been decided/)
    terminal.press('escape')
    await terminal.until(/What happens/)
  })

  it('follows only the groups that are named', async () => {
    scaler.server.scaler.emit({ kind: 'observed', group: MAILER, what: 'x' }, 'of another')
    scaler.server.scaler.emit({ kind: 'observed', group: HEAVY, what: 'x' }, 'of this one')
    await watch('status worker_heavy --watch')
    await terminal.until(/of this one/)
    expect(terminal.seen.frames.at(-1)).not.toMatch(/of another|mailer/)
  })

  it('stays when the scaler is away, and says so', async () => {
    await watch()
    const { groups } = scaler.server.scaler
    scaler.server.scaler.groups = () => {
      throw new Error('heap')
    }
    await terminal.until(/Not current for 0s: a bug in Drover/)
    expect(terminal.seen.frames.at(-1)).toContain('worker_heavy')
    scaler.server.scaler.groups = groups
    await waitUntil(
      'it is current again',
      async () => !terminal.seen.frames.at(-1)?.includes('Not current') || undefined,
    )
  })

  it('is drawn anew when the terminal has another size, at most ten times a second', async () => {
    await watch()
    const before = terminal.seen.frames.length
    const start = performance.now()
    terminal.size.columns = 60
    for (let times = 0; times < 1000; times++) terminal.seen.listener?.resized()
    await terminal.until(/^─.{59}$/m)
    const most = 3 + (performance.now() - start) / 100
    expect(terminal.seen.frames.length - before).toBeLessThanOrEqual(most)
  })

  it.each([
    ['piped', {}, {}],
    ['a terminal that can do nothing', { TERM: 'dumb' }, { isTTY: true }],
  ])('%s: plain', async (_, env, stream) => {
    const abort = new AbortController()
    let printed = ''
    const stdout = {
      ...stream,
      write(text: string) {
        printed += text
        abort.abort()
      },
    }
    const { openScreen } = terminal
    await scaler.run('status --watch', { env, stdout, openScreen, signal: abort.signal })
    expect(printed).toMatch(/^GROUP /)
    expect(terminal.seen.frames).toEqual([])
  })
})
