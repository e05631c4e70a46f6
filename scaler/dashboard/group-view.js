import { badge, badgesOf, hasSeenNomad } from './badges.js'
import { createCharts } from './charts.js'
import { h, setAttribute, setText } from './dom.js'
import { money, number, span, time, UNKNOWN } from './format.js'
import { createGroupOrders } from './group-orders.js'
import { rowOf } from './row-of.js'
import { createSlots } from './slots.js'
import { createStory } from './story.js'
import { createWorkersTable } from './workers-table.js'

/** One group: how it stands and stood, what was decided and why, its workers, and orders. */
export function createGroupView(name, store) {
  const badges = h('span', { class: 'badges' })
  const lead = h('p', { class: 'lead' })
  const missing = h('p', { class: 'quiet', hidden: true })
  let group
  const orders = createGroupOrders(
    () => group,
    () => store.read(),
  )
  const figures = createFigures()
  const charts = createCharts(name)
  const story = createStory(name)
  const workers = createWorkersTable(name, () => store.read())
  const body = h(
    'div',
    { hidden: true },
    lead,
    orders.element,
    figures.element,
    workers.element,
    charts.element,
    story.element,
  )
  const element = h('div', {}, h('div', { class: 'head' }, h('h1', {}, name), badges), missing, body)
  let opened
  const stop = store.onEvent((event) => {
    const of =
      event.kind === 'alert' ? event.alert.group : group && isOf(event.group, group.group) ? name : ''
    if (of === name) story.add(event)
  })
  return {
    element,
    title: name,
    page: 'groups',
    update(state, now) {
      if (state.opened !== opened) story.load()
      opened = state.opened
      if (state.groups === undefined) return
      group = state.groups.find((one) => one.name === name)
      setAttribute(missing, 'hidden', group !== undefined)
      setAttribute(body, 'hidden', group === undefined)
      if (group === undefined) return setText(missing, 'There is no group of this name.')
      const isSeen = hasSeenNomad(state)
      badges.replaceChildren(...badgesOf(group, isSeen).map(badge))
      setText(lead, leadOf(group, now))
      orders.update(group)
      figures.update(group, now, isSeen)
      charts.update(group, now)
      workers.update(group, now)
      story.update(group)
    },
    close() {
      stop()
      charts.close()
    },
  }
}

function isOf(a, b) {
  return a !== undefined && a.namespace === b.namespace && a.job === b.job && a.group === b.group
}

function leadOf({ explained, decidedSince, paused }, now) {
  const decision = `${explained ?? 'Not looked at yet'}${decidedSince === undefined ? '' : `, for ${span(now - decidedSince)}`}.`
  if (paused === undefined) return decision
  const { since, by, reason, until } = paused
  const who = by === undefined ? '' : ` by ${by}`
  const why = reason === undefined ? '' : ` (${reason})`
  const end = until === undefined ? '' : `, until ${time(until, now)}`
  return `Paused since ${time(since, now)}${who}${why}${end}. ${decision}`
}

const FIGURES = ['Count', 'Workers', 'Waiting', 'Active', 'Oldest', 'Finished', 'Last change', 'Cost']

function createFigures() {
  const slots = createSlots()
  const values = FIGURES.map(() => h('span'))
  const notes = FIGURES.map(() => h('small'))
  const element = h(
    'dl',
    { class: 'figures' },
    ...FIGURES.map((title, index) =>
      h(
        'div',
        {},
        h('dt', {}, title),
        h('dd', {}, values[index], title === 'Workers' && slots.element, notes[index]),
      ),
    ),
  )
  return {
    element,
    update(group, now, isSeen) {
      slots.update(group, isSeen)
      figuresOf(group, now, isSeen).forEach(([value, note], index) => {
        setText(values[index], value)
        setText(notes[index], note)
      })
    },
  }
}

/** A value and a note for each figure. */
export function figuresOf(group, now, isSeen) {
  const row = rowOf(group, now, isSeen)
  const { bounds, delayed, throughputPerMin, sampleAgeMs, lastChange, costPerHour, live } = group
  return [
    [row.count, `bounds ${row.bounds}, by ${bounds.by}`],
    [isSeen ? number(live) : UNKNOWN, row.workers],
    [row.waiting, sampleAgeMs === undefined ? 'not read' : `read ${span(sampleAgeMs)} ago`],
    [row.active, delayed === undefined ? '' : `${number(delayed)} delayed`],
    [row.oldest, `${row.target}${row.isLate ? ' ▲ late' : ''}`],
    [throughputPerMin === undefined ? '–' : number(throughputPerMin), 'tasks a minute'],
    lastChange === undefined
      ? ['–', '']
      : [`${lastChange.from} → ${lastChange.to}`, `${span(now - lastChange.at)} ago`],
    [isSeen ? money(costPerHour) : UNKNOWN, 'an hour'],
  ]
}
