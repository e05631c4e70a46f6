import { setAttribute, svg } from './dom.js'
import { number } from './format.js'

const WIDTH = 120
const HEIGHT = 22

/** The last hour of a group: what waited as an area, the count as a line. */
export function createSparkline() {
  const area = svg('path', { class: 'spark-waiting' })
  const line = svg('path', { class: 'spark-count' })
  const element = svg(
    'svg',
    { class: 'spark', width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img' },
    area,
    line,
  )
  return {
    element,
    update(spark, group, now) {
      const { waiting, desired } = withNow(spark, group, now)
      const top = Math.max(1, ...known(waiting))
      const most = Math.max(1, group.bounds.max, ...known(desired))
      setAttribute(area, 'd', areaPath(waiting, top))
      setAttribute(line, 'd', stepPath(desired, most))
      const peak =
        known(waiting).length === 0 ? 'not known' : `at most ${number(Math.max(...known(waiting)))}`
      setAttribute(
        element,
        'aria-label',
        `Last hour: waiting ${peak}, count at most ${number(Math.max(0, ...known(desired)))}`,
      )
    },
  }
}

/** The columns up to this minute, moved on where the last answer is older, and the present one as it is now. */
export function withNow(spark, { desired, waiting }, now) {
  const length = spark?.waiting.length ?? 60
  const nothing = new Array(length).fill(null)
  const { from, stepMs, ...lines } = spark ?? {
    from: now,
    stepMs: 60_000,
    waiting: nothing,
    desired: nothing,
  }
  const moved = spark === undefined ? 0 : Math.max(0, Math.floor((now - from) / stepMs) - length + 1)
  const move = (values, last) =>
    [...values.slice(moved), ...nothing].slice(0, length - 1).concat(last ?? null)
  return { waiting: move(lines.waiting, waiting), desired: move(lines.desired, desired) }
}

function known(values) {
  return values.filter((value) => value !== null)
}

const x = (index, length) => round((index * WIDTH) / length)
const y = (value, top) => round(HEIGHT - 1 - (value / top) * (HEIGHT - 3))
const round = (value) => Math.round(value * 10) / 10

/** Closed shapes, one for each run of columns that are known. */
export function areaPath(values, top) {
  return runsOf(values)
    .map(([start, run]) => {
      const points = run
        .map((value, index) => `H${x(start + index, values.length)}V${y(value, top)}`)
        .join('')
      return `M${x(start, values.length)} ${HEIGHT}${points}H${x(start + run.length, values.length)}V${HEIGHT}Z`
    })
    .join('')
}

/** Lines, one for each run of columns that are known. */
export function stepPath(values, top) {
  return runsOf(values)
    .map(([start, run]) => {
      const steps = run
        .map((value, index) => `V${y(value, top)}H${x(start + index + 1, values.length)}`)
        .join('')
      return `M${x(start, values.length)} ${y(run[0], top)}${steps}`
    })
    .join('')
}

function runsOf(values) {
  const runs = []
  values.forEach((value, index) => {
    if (value === null) return
    if (index > 0 && values[index - 1] !== null) runs.at(-1)[1].push(value)
    else runs.push([index, [value]])
  })
  return runs
}
