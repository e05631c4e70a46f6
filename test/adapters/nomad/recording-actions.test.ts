import { describe, expect, it } from 'vitest'
import { recordingActions } from '../../../src/adapters/nomad/recording-actions.ts'

const GROUP = { namespace: 'default', job: 'w', group: 'w' }

describe('recordingActions()', () => {
  it('does nothing, says so, and keeps what it was asked', async () => {
    const actions = recordingActions()
    const request = { group: GROUP, count: 3, jobModifyIndex: 7, message: 'm' }
    const answers = [
      await actions.scale(request),
      await actions.retire('8ba3c0de-1', 'work'),
      await actions.revive(GROUP, 2),
      await actions.tagVersion(GROUP, 4, 'drover-v4', 'd'),
    ]
    for (const answer of answers)
      expect(answer).toMatchObject({ ok: false, refusal: 'dry-run', mayBeDone: false, attempts: 0 })
    expect(actions.recorded()).toEqual([
      { kind: 'scale', request },
      { kind: 'retire', allocation: '8ba3c0de-1', task: 'work' },
      { kind: 'revive', group: GROUP, count: 2 },
      { kind: 'tag', group: GROUP, version: 4, name: 'drover-v4' },
    ])
  })

  it('keeps the last thousand', async () => {
    const actions = recordingActions()
    for (let nth = 0; nth < 1100; nth += 1) await actions.retire(`a${nth}`, 'work')
    expect(actions.recorded()).toHaveLength(1000)
    expect(actions.recorded()[0]).toMatchObject({ allocation: 'a100' })
  })
})
