import { get, now as serverNow } from './api.js'
import { columnsOf, RANGES, summaryOf } from './chart-data.js'
import { CHARTS, optionsOf } from './chart-options.js'
import { h, setAttribute, setText } from './dom.js'
import { seriesPath } from './story.js'

const HEIGHT = 190
const READ_MS = 15_000
const AGAIN_MS = 3000

/** Four charts over one range, which share a cursor. */
export function createCharts(name) {
  const buttons = RANGES.map((range) =>
    h('button', { type: 'button', on: { click: () => choose(range) } }, range.words),
  )
  const figures = CHARTS.map((chart) => {
    const words = h('span', { class: 'quiet' })
    const plot = h('div', { class: 'plot', role: 'img' })
    return {
      chart,
      words,
      plot,
      element: h('figure', {}, h('figcaption', {}, h('strong', {}, chart.title), words), plot),
    }
  })
  const element = h(
    'section',
    { class: 'panel', 'aria-label': 'Over time' },
    h(
      'div',
      { class: 'bar' },
      h('h2', {}, 'Over time'),
      h('div', { class: 'actions', role: 'group', 'aria-label': 'Range' }, ...buttons),
    ),
    h('div', { class: 'charts' }, ...figures.map((figure) => figure.element)),
  )
  let uPlot
  let range = RANGES[0]
  let series
  let last
  let isClosed = false
  let timer
  const resized = new ResizeObserver(() => {
    for (const { plot, drawn } of figures)
      if (drawn && plot.clientWidth > 0) drawn.setSize({ width: plot.clientWidth, height: HEIGHT })
  })
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const redraw = () => {
    for (const figure of figures) {
      figure.drawn?.destroy()
      figure.drawn = undefined
    }
    draw()
  }
  dark.addEventListener('change', redraw)

  function choose(next) {
    range = next
    series = undefined
    RANGES.forEach((one, index) => {
      setAttribute(buttons[index], 'aria-pressed', String(one === next))
    })
    read()
  }

  async function read() {
    clearTimeout(timer)
    const mine = range
    let isRead = false
    const to = serverNow()
    try {
      const answer = await get(seriesPath(name, to - mine.ms, to, mine.step))
      if (mine === range) series = answer
      isRead = true
    } catch {
      // Drawn is what was read before; the banner says that nobody answers.
    }
    if (isClosed || mine !== range) return
    draw()
    timer = setTimeout(read, isRead ? READ_MS : AGAIN_MS)
  }

  function draw() {
    if (uPlot === undefined || series === undefined || last === undefined || isClosed) return
    const columns = columnsOf(series, last.group, last.now)
    for (const figure of figures) {
      const { chart, plot, words } = figure
      const data = [columns.times, ...chart.lines.map(([key]) => columns[key])]
      const targetAgeMs = chart.hasTarget ? last.group.policy.targetAgeMs : undefined
      const hasTarget = targetAgeMs !== undefined
      if (hasTarget) data.push(columns.times.map(() => targetAgeMs))
      if (plot.clientWidth === 0) continue
      if (figure.drawn === undefined || figure.hasTarget !== hasTarget) {
        plot.replaceChildren()
        figure.hasTarget = hasTarget
        figure.drawn = new uPlot(optionsOf(uPlot, chart, plot.clientWidth, HEIGHT, hasTarget), data, plot)
      } else figure.drawn.setData(data)
      const text = wordsOf(chart, columns)
      setText(words, text)
      setAttribute(plot, 'aria-label', `${chart.title} over ${range.words}: ${text}`)
    }
  }

  async function load() {
    library ??= loadLibrary()
    uPlot = await library
    if (isClosed) return
    for (const { plot } of figures) resized.observe(plot)
    draw()
  }
  choose(range)
  load()
  return {
    element,
    update(group, now) {
      const isFirst = last === undefined
      last = { group, now }
      if (isFirst || range === RANGES[0]) draw()
    },
    close() {
      isClosed = true
      clearTimeout(timer)
      resized.disconnect()
      dark.removeEventListener('change', redraw)
      for (const { drawn } of figures) drawn?.destroy()
    },
  }
}

let library

/** The charts' library, once for the page, and however often it takes: a failed import is a failed one for ever. */
async function loadLibrary() {
  for (let tries = 0; ; tries++)
    try {
      const { default: uPlot } = await import(`./uplot.js?try=${tries}`)
      document.head.append(h('link', { rel: 'stylesheet', href: 'assets/uplot.css' }))
      return uPlot
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
}

function wordsOf({ say, lines }, columns) {
  return lines
    .map(([key, label]) => {
      const { most, last } = summaryOf(columns[key])
      return most === undefined ? `${label} not known` : `${label} at most ${say(most)}, now ${say(last)}`
    })
    .join('; ')
}
