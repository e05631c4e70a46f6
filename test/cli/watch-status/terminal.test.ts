import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BuiltDrover, buildDrover } from '../../helpers/built-drover.ts'
import { hasPseudoTerminal, type PseudoTerminal, runInTerminal } from '../../helpers/pseudo-terminal.ts'
import { waitUntil } from '../../helpers/wait-until.ts'
import { HEAVY, NOW, reportOf } from '../../scaler/fake-scaler.ts'
import { TOKEN } from '../../scaler/server/a-server.ts'
import { withScaler } from '../commands/scaler.ts'

const ENTER = '\u001b[?1049h'
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l'

describe.skipIf(!hasPseudoTerminal)('drover status --watch in a real terminal', () => {
  const scaler = withScaler()
  let drover: BuiltDrover
  let terminal: PseudoTerminal | undefined
  beforeAll(() => {
    drover = buildDrover()
  }, 60_000)
  afterAll(() => drover?.remove())

  const run = (args: readonly string[] = ['status', '--watch'], before: readonly string[] = []) => {
    const env = {
      PATH: process.env.PATH ?? '',
      TERM: 'xterm-256color',
      NO_COLOR: '1',
      USER: 'anna',
      DROVER_ADDR: scaler.server.address,
      DROVER_TOKEN: TOKEN,
    }
    const command = [process.execPath, ...before, drover.program, ...args]
    terminal = runInTerminal(command, env, { columns: 80, rows: 16 })
    return terminal
  }
  /** The other screen was entered once and left once, last of all, and the settings are those of before. */
  const expectRestored = async (one: PseudoTerminal, code: number) => {
    expect(await one.ended).toEqual({ code, isRestored: true })
    expect(one.written().split(ENTER)).toHaveLength(2)
    expect(one.written().split(LEAVE)).toHaveLength(2)
  }

  it('shows, obeys keys, follows the size, and ends with q', async () => {
    const one = run()
    await one.until(/^> {2}worker_heavy/m)
    expect(one.screen()).toContainEqual(expect.stringMatching(/^── What happens ─{64}$/))
    one.type('j')
    await one.until(/^> {2}staging/m)
    one.type('\u001b[A')
    await one.until(/^> {2}worker_heavy/m)
    one.type('p')
    await one.until(/^worker_heavy is paused\.$/m)
    one.resize(60, 10)
    await one.until(/^── What happens ─{44}$/m)
    expect(one.screen()).toHaveLength(10)
    expect(Math.max(...one.screen().map((line) => line.length))).toBeLessThanOrEqual(60)
    one.type('w')
    await one.until(/Why worker_heavy/)
    one.type('q')
    await expectRestored(one, 0)
    expect(one.written().endsWith(LEAVE)).toBe(true)
  })

  it('writes nothing while nothing changes but the clock', async () => {
    const one = run()
    await one.until(/^> {2}worker_heavy/m)
    const before = one.written().length
    const news = await waitUntil('some seconds', async () => {
      const text = one.written().slice(before)
      return text.split('\u001b[1;1H').length > 2 ? text : undefined
    })
    // The line with the time, and no other.
    expect(news).not.toMatch(/\[(?!1;)\d+;1H/)
    one.type('q')
    await expectRestored(one, 0)
  })

  it.each<[what: string, end: (one: PseudoTerminal) => void, code: number]>([
    ['Ctrl-C', (one) => one.type('\u0003'), 130],
    ['SIGINT', (one) => one.signal('SIGINT'), 130],
    ['SIGTERM', (one) => one.signal('SIGTERM'), -15],
    ['SIGHUP', (one) => one.signal('SIGHUP'), -1],
  ])('puts the terminal back after %s', async (_, end, code) => {
    const one = run()
    await one.until(/^> {2}worker_heavy/m)
    end(one)
    await expectRestored(one, code)
  })

  it('puts the terminal back before it tells of a bug', async () => {
    const bug = join(tmpdir(), `drover-bug-${process.pid}.cjs`)
    writeFileSync(bug, "process.on('SIGUSR2', () => { throw new Error('a bug') })")
    const one = run(undefined, ['--require', bug])
    await one.until(/^> {2}worker_heavy/m)
    one.signal('SIGUSR2')
    await expectRestored(one, 1)
    expect(one.written().split(LEAVE)[1]).toContain('a bug')
  })

  it('obeys nothing that a name says', async () => {
    const name = 'evil\u001b[2J\u001b]0;title\u0007 作業者 👩\u200d👩'
    scaler.server.scaler.setGroup(reportOf(HEAVY, { name, explained: 'a\r\nb', decidedSince: NOW }))
    const one = run()
    await one.until(/^> {2}evil/m)
    expect(one.written()).not.toMatch(/title|\u200d|\n/)
    one.type('q')
    await expectRestored(one, 0)
  })

  it('needs a scaler before it takes the terminal', async () => {
    const one = run(['status', '--watch', '--address', 'http://127.0.0.1:1'])
    expect(await one.ended).toEqual({ code: 5, isRestored: true })
    expect(one.written()).not.toContain(ENTER)
  })
})
