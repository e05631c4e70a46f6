import { number, span } from './format.js'

/** No ticks between whole numbers. */
const COUNTS = [1, 2, 5]
  .flatMap((one) => [one, one * 10, one * 100, one * 1000, one * 10_000, one * 100_000])
  .sort((a, b) => a - b)

/** Distances of ticks that are round numbers of seconds, minutes, hours and days. */
const AGES = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 259_200].map(
  (s) => s * 1000,
)

/** What is drawn: how values are said, the least height of the scale, distances of ticks, and lines. */
export const CHARTS = [
  {
    title: 'Queue',
    say: number,
    least: 1,
    ticks: COUNTS,
    lines: [
      ['waiting', 'waiting', '--waiting-line', true],
      ['active', 'active', '--busy'],
    ],
  },
  {
    title: 'Workers',
    say: number,
    least: 1,
    ticks: COUNTS,
    lines: [
      ['desired', 'count', '--text'],
      ['live', 'live', '--idle'],
      ['busy', 'busy', '--busy', true],
    ],
  },
  {
    title: 'Oldest waiting',
    say: span,
    least: 10_000,
    ticks: AGES,
    lines: [['oldestAgeMs', 'age', '--waiting-line', true]],
    hasTarget: true,
  },
  { title: 'Cost per hour', say: number, least: 0.1, lines: [['costPerHour', 'cost', '--busy', true]] },
]

/** What the chart library is told of one of them, in the colours of the page. */
export function optionsOf(uPlot, { lines, say, least, ticks }, width, height, hasTarget) {
  const style = getComputedStyle(document.documentElement)
  const colour = (name) => style.getPropertyValue(name).trim()
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--rule'), width: 1 },
    ticks: { stroke: colour('--rule'), width: 1 },
    font: '12px system-ui, sans-serif',
  }
  const value = (_, raw) => (raw === null || raw === undefined ? '–' : say(raw))
  const steps = uPlot.paths.stepped({ align: 1 })
  return {
    width,
    height,
    cursor: { sync: { key: 'group' }, drag: { x: false, y: false } },
    scales: { y: { range: (_, __, most) => [0, Math.max(least, (most ?? 0) * 1.08)] } },
    axes: [
      { ...axis, values: TIMES },
      {
        ...axis,
        size: 64,
        values: (_, values) => values.map((one) => say(one)),
        ...(ticks === undefined ? {} : { incrs: ticks }),
      },
    ],
    series: [
      { value: (_, at) => (at === null ? '' : new Date(at * 1000).toLocaleTimeString('en-GB')) },
      ...lines.map(([, label, name, isFilled]) => ({
        label,
        value,
        stroke: colour(name),
        width: 1.5,
        paths: steps,
        points: { show: false },
        ...(isFilled ? { fill: `${colour(name)}26` } : {}),
      })),
      ...(hasTarget
        ? [{ label: 'target', value, stroke: colour('--bad'), dash: [5, 4], points: { show: false } }]
        : []),
    ],
  }
}

/** From seconds to words, for each distance of ticks, in 24 hours. */
const TIMES = [
  [86_400, '{YYYY}-{MM}-{DD}', null, null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{YYYY}-{MM}-{DD}', null, '\n{MM}-{DD}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{YYYY}-{MM}-{DD}', null, '\n{MM}-{DD}', null, null, null, 1],
]
