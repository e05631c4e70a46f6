import type { Change } from './read-change.ts'

/** A change in a few words: `replaces 4, starts 1`. Empty for none. */
export function describeChange({ kind, allocations }: Change): string {
  if (kind === 'none') return ''
  const { start, stop, update, replace } = allocations
  const parts = [
    { new: 'new', start: 'was stopped', update: '', replace: '' }[kind],
    replace > 0 ? `replaces ${replace}` : '',
    stop > 0 ? `stops ${stop}` : '',
    update > 0 ? `updates ${update} in place` : '',
    start > 0 ? `starts ${start}` : '',
  ].filter(Boolean)
  return parts.length === 0 ? 'none' : parts.join(', ')
}
