import fc from 'fast-check'
import { createColors } from 'picocolors'
import { describe, expect, it } from 'vitest'
import { widthOf } from '../../../src/cli/watch-status/fill-to.ts'
import { frame } from '../../../src/cli/watch-status/frame.ts'
import type { WatchState } from '../../../src/cli/watch-status/state.ts'
import { HEAVY, NOW } from '../../scaler/fake-scaler.ts'
import { aState, viewOf } from './a-state.ts'

const PLAIN = createColors(false)
const shown = (state: WatchState, columns: number, rows: number) => frame(state, { columns, rows }, PLAIN)
/** A text as a picture: without the first line's end, and the indent. */
const picture = (text: string) => text.replace(/^\n|\n *$/g, '').replaceAll(/^ {6}/gm, '')

describe('a frame', () => {
  it('has everything where there is room', () => {
    expect(shown(aState(), 120, 12).join('\n')).toBe(
      picture(`
      drover at http://127.0.0.1:7646 · group 1 of 3 · 12:00:00 UTC
      staging/shop/mailer is paused for 60s by anna: slow database
         GROUP               WORKERS               LIVE/MAX  WAITING OLDEST  SINCE  DECISION
      >  worker_heavy        ██░·                       3/4       12    48s     5s  1 -> 4: 12 waiting and 2 active need 14, …
       p staging/shop/mailer ████▓▒▒·············     12/40        0      -   2h0m  holds 12: paused by anna
         nightly             ····                         -        -      -      -  -
      ── What happens ────────────────────────────────────────────────────────────────────────────────────────────────────────
      11:59:55  worker_heavy: 1 -> 4: 12 waiting and 2 active need 14, at most 4
      11:59:55  worker_heavy: Nomad took it in 9 ms


      ↑↓ choose  p pause  w why  q quit                                                  █ busy  ▓ unknown  ▒ idle  ░ starting
      `),
    )
  })

  it('is narrow and short', () => {
    expect(
      shown(aState({ chosen: 'staging/shop/mailer' }), 60, 10)
        .slice(1)
        .join('\n'),
    ).toBe(
      picture(`
      staging/shop/mailer is paused for 60s by anna: slow database
         GROUP           WORKERS   LIVE/MAX  WAITING OLDEST  SINCE
         worker_heavy    ██░·           3/4       12    48s     5s
      >p staging/shop/m… █▓▒·····     12/40        0      -   2h0m
         nightly         ····             -        -      -      -
      ── What happens ────────────────────────────────────────────
      11:59:55  worker_heavy: 1 -> 4: 12 waiting and 2 active nee…
      11:59:55  worker_heavy: Nomad took it in 9 ms
      ↑↓ choose  p resume  w why  q quit
      `),
    )
  })

  it('explains, and says that it is not current', () => {
    const why = [
      'worker_heavy: 1 -> 4',
      '  backlog wants 5: 4 waiting and one active need 5 of these and more',
    ]
    const lost = { since: NOW - 10_000, why: 'the scaler does not answer' }
    expect(shown(aState({ why, lost }), 60, 12).slice(1).join('\n')).toBe(
      picture(`
      Not current for 10s: the scaler does not answer; trying aga…
      staging/shop/mailer is paused for 60s by anna: slow database
         GROUP           WORKERS   LIVE/MAX  WAITING OLDEST  SINCE
      >  worker_heavy    ██░·           3/4       12    48s     5s
      ── Why worker_heavy ────────────────────────────────────────
      worker_heavy: 1 -> 4
        backlog wants 5: 4 waiting and one active need 5 of these
        and more


      ↑↓ choose  p pause  w back  q quit
      `),
    )
  })

  it('says how much of an explanation has no room', () => {
    const why = Array.from({ length: 20 }, (_, index) => `step ${index}`)
    const lines = shown(aState({ why }), 80, 12)
    expect(lines.at(-2)).toMatch(/^\(1\d more lines\)$/)
    expect(lines).toContain('step 0')
  })

  it('shows the groups around the chosen one', () => {
    const groups = Array.from({ length: 200 }, (_, index) =>
      viewOf({ namespace: 'default', job: `g${index}`, group: `g${index}` }),
    )
    const status = { ...aState().status, groups }
    const lines = shown(aState({ status, chosen: 'g120' }), 80, 24)
    expect(lines[0]).toContain('group 121 of 200')
    expect(lines.filter((line) => /^>/.test(line))).toEqual([expect.stringContaining('g120 ')])
    expect(lines.filter((line) => /^.. g\d+ /.test(line)).length).toBeGreaterThan(10)
  })

  it('counts what of the banner has no room', () => {
    const alerts = Array.from({ length: 9 }, (_, index) => ({
      kind: 'at-max' as const,
      message: `alert ${index}`,
      since: NOW,
    }))
    const status = { ...aState().status, groups: [viewOf(HEAVY, { alerts })] }
    const lines = shown(aState({ status }), 80, 10)
    expect(lines.slice(1, 3)).toEqual([
      'Alert at-max, for 0s: alert 0',
      'Alert at-max, for 0s: alert 1 (and 7 more)',
    ])
    expect(lines[4]).toMatch(/^>! worker_heavy/)
  })

  it('has something to show when there is nothing', () => {
    const lines = shown(aState({ status: { ...aState().status, groups: [] }, events: [] }), 80, 8)
    expect(lines).toHaveLength(8)
    expect(lines[0]).toContain('group 0 of 0')
  })

  it('has colours where they are wanted, and means the same without', () => {
    const colored = frame(aState(), { columns: 80, rows: 10 }, createColors(true)).join('\n')
    expect(colored).toContain('\u001b[32m██')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(shown(aState(), 80, 10).join('\n'))
  })
})

describe('whatever it is given', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      '\u001b[2J\u001b]0;x\u0007evil',
      'a\r\nb\tc',
      '\u202egpj',
      '👩‍👩‍👧‍👦🏽',
      '作業者のグループ',
      'e\u0301\u0300',
    ),
  )
  it('a frame fits, and no control character reaches the terminal', () => {
    fc.assert(
      fc.property(
        hostile,
        hostile,
        fc.integer({ min: 0, max: 130 }),
        fc.integer({ min: 0, max: 40 }),
        fc.boolean(),
        (name, text, columns, rows, explains) => {
          const groups = [viewOf(HEAVY, { name, explained: text }), ...aState().status.groups]
          const state = aState({
            status: { ...aState().status, groups },
            events: [{ at: NOW, message: text }],
            why: explains ? [text, text] : undefined,
            note: explains ? undefined : { text, isWrong: true },
            eventsTrouble: text,
          })
          const lines = shown(state, columns, rows)
          expect(lines.length).toBeLessThanOrEqual(rows)
          for (const line of lines) {
            expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
            expect(widthOf(line)).toBeLessThanOrEqual(columns)
          }
        },
      ),
    )
  })
})
