import { h, svg } from './dom.js'
import { SIGNS } from './states.js'

const WIDTH = 166
const HEIGHT = 24
const GAP_X = 32
const GAP_Y = 10

/** Who needs whom, as a picture for the eye and a list for everybody. */
export function createGraph({ jobs, edges }, stateOf) {
  const places = layoutOf(jobs, edges)
  const columns = Math.max(1, ...[...places.values()].map(({ column }) => column + 1))
  const rows = Math.max(1, ...[...places.values()].map(({ row }) => row + 1))
  const width = columns * (WIDTH + GAP_X) - GAP_X + 16
  const height = rows * (HEIGHT + GAP_Y) - GAP_Y + 16
  const x = ({ column }) => 8 + column * (WIDTH + GAP_X)
  const y = ({ row }) => 8 + row * (HEIGHT + GAP_Y)
  const lines = edges.flatMap((edge) => {
    const [from, to] = [places.get(edge.from), places.get(edge.to)]
    if (from === undefined || to === undefined) return []
    const [x1, y1, x2, y2] = [x(to) + WIDTH, y(to) + HEIGHT / 2, x(from), y(from) + HEIGHT / 2]
    const bend = Math.max(24, (x2 - x1) / 2)
    const line = svg('path', {
      class: `edge${edge.waits ? '' : ' loose'}`,
      d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
    })
    return [{ edge, line }]
  })
  const light = (name) => {
    for (const { edge, line } of lines) line.classList.toggle('on', edge.from === name || edge.to === name)
  }
  const nodes = jobs.map(({ name, kind }) => {
    const place = places.get(name)
    const state = stateOf(name)
    const text = `${state === undefined ? '' : `${SIGNS[state]} `}${name}`
    return svg(
      'g',
      {
        class: `node ${state ?? ''}`,
        transform: `translate(${x(place)} ${y(place)})`,
        on: { mouseenter: () => light(name), mouseleave: () => light() },
      },
      svg('title', {}, `${name}, ${kind}${state === undefined ? '' : `, ${state}`}`),
      svg('rect', { width: WIDTH, height: HEIGHT, rx: kind === 'worker' ? 12 : 4 }),
      svg('text', { x: 10, y: 16.5 }, text.length > 22 ? `${text.slice(0, 21)}…` : text),
    )
  })
  const picture = svg(
    'svg',
    { class: 'graph', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    ...lines.map(({ line }) => line),
    ...nodes,
  )
  const needs = jobs.flatMap(({ name }) => {
    const own = edges.filter(({ from }) => from === name)
    return own.length === 0
      ? []
      : [h('li', {}, h('strong', {}, name), ` needs ${own.map(needInWords).join(', ')}`)]
  })
  // Where there is no room for the picture, the list is what there is.
  const open = matchMedia('(max-width: 900px)').matches
  return h(
    'div',
    {},
    picture,
    h('details', { open }, h('summary', {}, 'As a list'), h('ul', { class: 'needs' }, ...needs)),
  )
}

function needInWords({ to, why, waits }) {
  if (why === 'address') return `${to}${waits ? '' : ' (does not wait)'}`
  return `${to} ${why}`
}

/** A column and a row for each job: what needs nothing comes first, and everything stands after all that it needs. */
export function layoutOf(jobs, edges) {
  const needs = new Map(jobs.map(({ name }) => [name, []]))
  for (const { from, to } of edges) if (needs.has(to)) needs.get(from)?.push(to)
  const columns = new Map()
  const columnOf = (name, above) => {
    const known = columns.get(name)
    if (known !== undefined) return known
    // Services that ask for each other's address make a ring; somebody has to be first.
    if (above.has(name)) return -1
    const column = 1 + Math.max(-1, ...needs.get(name).map((one) => columnOf(one, new Set([...above, name]))))
    columns.set(name, column)
    return column
  }
  for (const { name } of jobs) columnOf(name, new Set())
  const places = new Map()
  const last = Math.max(-1, ...columns.values())
  for (let column = 0; column <= last; column++) {
    const members = jobs.filter(({ name }) => columns.get(name) === column)
    // Near what it needs, so that arrows cross less.
    const height = ({ name }) => {
      const rows = needs.get(name).flatMap((one) => places.get(one)?.row ?? [])
      return rows.length === 0
        ? Number.POSITIVE_INFINITY
        : rows.reduce((sum, row) => sum + row, 0) / rows.length
    }
    members
      .map((job) => [height(job), job])
      .sort(([a], [b]) => (a === b ? 0 : a - b))
      .forEach(([, { name }], row) => {
        places.set(name, { column, row })
      })
  }
  return places
}
