import fc from 'fast-check'
import { createColors } from 'picocolors'
import { expect, it } from 'vitest'
import { bar } from '../../../src/cli/watch-status/bar.ts'
import { HEAVY } from '../../scaler/fake-scaler.ts'
import { viewOf } from './a-state.ts'

const count = fc.integer({ min: 0, max: 300 })

it('fills its columns, and shows of everything that there is, as far as there is room', () => {
  fc.assert(
    fc.property(count, count, count, count, count, fc.integer({ min: 4, max: 20 }), (...given) => {
      const [busy, idle, unknown, starting, max, columns] = given
      const bounds = { min: 0, max, by: 'policy' }
      const drawn = bar(
        viewOf(HEAVY, { busy, idle, unknown, starting, bounds }),
        columns,
        createColors(false),
      )
      expect(drawn).toHaveLength(columns)
      expect(drawn).toMatch(/^█*▓*▒*░*·* *$/)
      if (busy > 0) expect(drawn).toContain('█')
      else expect(drawn).not.toContain('█')
      if (max <= columns && busy + idle + unknown + starting <= max)
        expect(drawn.trimEnd()).toHaveLength(Math.max(1, max))
    }),
  )
})
