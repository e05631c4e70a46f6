import type { GroupView } from '../../adapters/scaler-client.ts'
import type { Colors } from '../output.ts'

/** Told apart without colour, too. */
export const BAR_LEGEND = '█ busy  ▓ unknown  ▒ idle  ░ starting'

/**
 * The allocations of a group against its largest count, in exactly so many columns: one column each where that has
 * room, otherwise in proportion. What there is any of is seen.
 */
export function bar(group: GroupView, columns: number, colors: Colors): string {
  const parts = [
    { count: group.busy, sign: '█', color: colors.green },
    { count: group.unknown, sign: '▓', color: colors.magenta },
    { count: group.idle, sign: '▒', color: colors.cyan },
    { count: group.starting, sign: '░', color: colors.yellow },
  ]
  const total = parts.reduce((sum, { count }) => sum + count, 0)
  const full = Math.max(group.bounds.max, total, 1)
  const scale = Math.min(1, columns / full)
  let left = columns
  const drawn = parts.map(({ count, sign, color }) => {
    const cells = Math.min(left, count === 0 ? 0 : Math.max(1, Math.round(count * scale)))
    left -= cells
    return cells === 0 ? '' : color(sign.repeat(cells))
  })
  const free = Math.min(left, Math.max(0, Math.round(full * scale) - (columns - left)))
  return drawn.join('') + colors.dim('·'.repeat(free)) + ' '.repeat(left - free)
}
