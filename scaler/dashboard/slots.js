import { setAttribute, svg } from './dom.js'

const CELL = 12
const SIDE = 9
const MOST = 20
/** In this order; each has a form of its own, so that no colour is needed to tell them apart. */
const STATES = ['busy', 'idle', 'unknown', 'starting', 'retiring', 'free']

/** Each allocation of a group as a square, and the places up to its maximum as dots. */
export function createSlots() {
  const paths = Object.fromEntries(
    STATES.map((state) => [state, svg('path', { class: `slot ${state}`, d: '' })]),
  )
  const element = svg(
    'svg',
    { class: 'slots', width: MOST * CELL, height: CELL, 'aria-hidden': 'true' },
    ...Object.values(paths),
  )
  return {
    element,
    update(group, isSeen = true) {
      const cells = isSeen ? cellsOf(group) : []
      const drawn = Object.fromEntries(STATES.map((state) => [state, '']))
      cells.forEach((state, index) => {
        drawn[state] += FORMS[state](index * CELL + 0.5)
      })
      for (const state of STATES) setAttribute(paths[state], 'd', drawn[state])
    },
  }
}

/** The state of each cell. Beyond 20 places a cell stands for several, and none that there are is left out. */
export function cellsOf({ busy, idle, unknown, starting, retiring, bounds }) {
  const counts = { busy, idle, unknown, starting, retiring }
  const all = busy + idle + unknown + starting + retiring
  const places = Math.max(all, bounds.max)
  const scale = places > MOST ? MOST / places : 1
  const cells = Object.entries(counts).flatMap(([state, count]) =>
    Array.from({ length: count === 0 ? 0 : Math.max(1, Math.floor(count * scale)) }, () => state),
  )
  const total = Math.min(MOST, Math.ceil(places * scale))
  return [...cells, ...Array.from({ length: Math.max(0, total - cells.length) }, () => 'free')]
}

/** The same in words: "2 busy, 1 idle". */
export function workersInWords({ busy, idle, unknown, starting, retiring, cordoned }) {
  const parts = Object.entries({ busy, idle, unknown, starting, retiring })
  const words = parts.filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`)
  const note = cordoned > 0 ? ` (${cordoned} cordoned)` : ''
  return words.length === 0 ? 'none' : words.join(', ') + note
}

const square = (x) => `M${x} 1.5h${SIDE}v${SIDE}h-${SIDE}z`
const FORMS = {
  busy: square,
  idle: square,
  unknown: (x) => `${square(x)}M${x + 4} 5h1v2h-1z`,
  starting: (x) => `M${x} 6.5h${SIDE}v4h-${SIDE}z`,
  retiring: (x) => `M${x} 1.5l${SIDE} ${SIDE}M${x} 10.5l${SIDE} -${SIDE}`,
  free: (x) => `M${x + 3} 5h3v3h-3z`,
}
