import { get, now as serverNow } from './api.js'
import { groupLink } from './banner.js'
import { createList, h, setAttribute, setText } from './dom.js'
import { midnight, money, span } from './format.js'
import { createGraph } from './graph.js'
import { ORDER, SIGNS } from './states.js'

const READ_MS = 5000
/** Nomad and Consul are asked for it, which may not answer. */
const WITHIN_MS = 20_000
const HOUR_MS = 3_600_000
const HEALTH = ['Part', 'State', 'Runs', 'Checks', 'Changed', 'Why']
const COST = ['Group', 'Now, an hour', 'Today']

/** The stack as a whole: how its parts are, what each needs, and what it costs. */
export function createPlatformView() {
  const summary = h('p', { class: 'totals' })
  const unseen = h('p', { class: 'fault' })
  const lines = createTable('Health of the parts', HEALTH, lineCells)
  const graph = h('div')
  const cost = createTable('Cost of the groups', COST, costCells)
  const total = h('p', { class: 'lead' })
  const note = h('p', { class: 'quiet' })
  const quiet = h('p', { class: 'quiet', hidden: true })
  const element = h(
    'div',
    {},
    h('div', { class: 'head' }, h('h1', {}, 'Platform'), summary),
    h('section', { class: 'panel' }, h('h2', {}, 'Services'), unseen, lines.element, quiet),
    h('section', { class: 'panel' }, h('h2', {}, 'Who needs whom'), graph),
    h('section', { class: 'panel' }, h('h2', {}, 'Cost'), total, cost.element, note),
  )
  let drawn = ''
  let timer
  let isClosed = false

  async function read() {
    try {
      const now = serverNow()
      show(await get(`v1/platform?since=${midnight(now)}`, { withinMs: WITHIN_MS }), serverNow())
    } catch (error) {
      setText(summary, error.message)
    }
    if (!isClosed) timer = setTimeout(read, READ_MS)
  }

  function show({ stack, jobs, edges, health, cost: costs }, now) {
    const all = health?.lines ?? []
    setText(summary, `${stack ?? ''}${all.length === 0 ? '' : `: ${inWords(all)}`}`)
    setText(
      unseen,
      (health?.unseen ?? []).map(({ source, cause }) => `${source} cannot be asked: ${cause}.`).join(' '),
    )
    setAttribute(quiet, 'hidden', health !== undefined)
    setText(quiet, 'This scaler does not look at the health of services.')
    setAttribute(lines.element, 'hidden', health === undefined)
    lines.update(
      [...all].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)),
      now,
    )
    const states = new Map(all.map(({ name, state }) => [name, state]))
    const next = JSON.stringify([jobs, edges, [...states]])
    if (next !== drawn) graph.replaceChildren(createGraph({ jobs, edges }, (name) => states.get(name)))
    drawn = next
    cost.update(
      costs.groups.map((row) => ({ ...row, currency: costs.currency })),
      now,
    )
    setText(total, totalInWords(costs, now))
    setText(note, noteOf(costs, now))
  }
  read()
  return {
    element,
    title: 'Platform',
    page: 'platform',
    update() {},
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

function inWords(lines) {
  return ORDER.map((state) => [state, lines.filter((line) => line.state === state).length])
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ')
}

function totalInWords({ perHour, spent, others, currency, since }, now) {
  const groups = `Worker groups: ${money(perHour, currency)} an hour now, ${money(spent, currency)} today.`
  if (others === undefined) return groups
  const today = (others.perHour * (now - since)) / HOUR_MS
  return `${groups} All other jobs reserve ${money(others.perHour, currency)} an hour, ${money(today, currency)} today.`
}

function noteOf({ groups, currency, since }, now) {
  if (currency === undefined) return 'No money without cluster.prices in the stack.'
  const recorded = Math.max(0, ...groups.map(({ recordedMs }) => recordedMs))
  return `Of what is reserved. Today was recorded for ${span(recorded)} of ${span(now - since)}.`
}

function lineCells({ name, kind, state, why = '', desired, running, restarts, checks, changedAt }, now) {
  return [
    [name, kind],
    [`${SIGNS[state]} ${state}`, '', `state ${state}`],
    [desired === undefined ? '–' : `${running} of ${desired}`, restarts > 0 ? `${restarts} restarts` : ''],
    [checks.all === 0 ? '–' : `${checks.passing} of ${checks.all} pass`, ''],
    [changedAt === undefined ? '–' : `${span(now - changedAt)} ago`, ''],
    [why, ''],
  ]
}

function costCells({ name, perHour, spent, currency }) {
  return [
    [name, '', undefined, groupLink(name)],
    [money(perHour, currency), ''],
    [perHour === undefined ? '–' : money(spent, currency), ''],
  ]
}

/** @param cells gives [text, small text, class, link] for each column */
function createTable(label, heads, cells) {
  const body = h('tbody', { role: 'rowgroup' })
  const head = h(
    'tr',
    { role: 'row' },
    ...heads.map((one) => h('th', { role: 'columnheader', scope: 'col' }, one)),
  )
  const show = createList(
    body,
    ({ item }) => item.name,
    ({ item, now }) => {
      const made = cells(item, now).map(([, , , link], index) => {
        const text = link === undefined ? h('span') : h('a', { href: link })
        const small = h('small')
        const of =
          index === 0 ? { role: 'rowheader', scope: 'row' } : { role: 'cell', 'data-head': heads[index] }
        return { text, small, element: h(index === 0 ? 'th' : 'td', of, text, ' ', small) }
      })
      return {
        element: h('tr', { role: 'row' }, ...made.map((cell) => cell.element)),
        update({ item: next, now: at }) {
          cells(next, at).forEach(([text, small, kind], index) => {
            setText(made[index].text, text)
            setText(made[index].small, small)
            setAttribute(made[index].text, 'class', kind)
          })
        },
      }
    },
  )
  return {
    element: h(
      'table',
      { class: 'stacks', role: 'table', 'aria-label': label },
      h('thead', { role: 'rowgroup' }, head),
      body,
    ),
    update: (items, now) => show(items.map((item) => ({ item, now }))),
  }
}
