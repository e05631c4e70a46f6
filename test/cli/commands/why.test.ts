import { beforeEach, describe, expect, it } from 'vitest'
import { HEAVY, inputsOf, NOW, scaleOf } from '../../scaler/fake-scaler.ts'
import { withScaler } from './scaler.ts'

const scaler = withScaler()

beforeEach(() => {
  for (const [ago, waiting] of [
    [600_000, 9],
    [5000, 4],
  ] as const) {
    const at = NOW - ago
    const decision = scaleOf(HEAVY, at)
    const fact = { group: HEAVY, decision }
    scaler.server.scaler.emit(
      { kind: 'decision', ...fact, isNews: true, inputs: inputsOf(HEAVY, waiting) },
      'worker_heavy: 1 -> 4',
      at,
    )
    const answer = { ok: true, attempts: 1 } as const
    scaler.server.scaler.emit({ kind: 'action', ...fact, answer, tookMs: 9 }, 'Nomad took it in 9 ms', at + 9)
  }
})

describe('drover why', () => {
  it('explains what is done now, each step of the way', async () => {
    const { code, stdout } = await scaler.run('why worker_heavy')
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(/^worker_heavy: 1 -> 4: /)
    expect(lines[1]).toBe('decided 2026-05-01T11:59:55.000Z (5s ago)')
    expect(stdout).toContain('  backlog wants 5: 4 waiting + 1 active need 5\n')
    expect(stdout).toContain('  queue heavy: 4 waiting, 1 active, oldest 48s\n')
    expect(stdout).toContain('What came of it: Nomad took it in 9 ms\n')
    expect(code).toBe(0)
  })

  it.each(['2m', '2026-05-01T11:58:00Z'])('explains what was in force at %s', async (time) => {
    const { stdout } = await scaler.run(`why worker_heavy --at ${time}`)
    expect(stdout).toContain('decided 2026-05-01T11:50:00.000Z (10m ago)')
    expect(stdout).toContain('queue heavy: 9 waiting')
  })

  it('prints everything that it was decided from as JSON', async () => {
    const { stdout } = await scaler.run('why worker_heavy --at 2m --json')
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'worker_heavy',
      at: NOW - 120_000,
      decidedAt: NOW - 600_000,
      decision: scaleOf(HEAVY, NOW - 600_000),
      inputs: inputsOf(HEAVY, 9),
      action: { kind: 'action', tookMs: 9 },
    })
  })

  it.each([
    ['a time that is none', 'why worker_heavy --at noon', 2, /--at: "noon" must be a time/],
    ['a time to come', 'why worker_heavy --at 2026-06-01', 2, /has not come yet/],
    [
      'a time before all that is kept',
      'why worker_heavy --at 1h',
      2,
      /no decision about worker_heavy is kept from before 2026-05-01T11:00:00\.000Z/,
    ],
    ['an unknown group', 'why worker_hevy', 2, /Did you mean worker_heavy\?/],
    ['no group', 'why', 2, /is missing/],
    ['nobody there', 'why worker_heavy --address http://127.0.0.1:1', 5, /does not answer/],
  ])('%s', async (_, line, exit, message) => {
    const { code, stderr } = await scaler.run(line)
    expect(stderr).toMatch(message)
    expect(code).toBe(exit)
  })
})
