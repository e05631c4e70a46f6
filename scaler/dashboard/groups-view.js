import { badge, badgesOf, hasSeenNomad } from './badges.js'
import { groupLink } from './banner.js'
import { createList, h, setAttribute, setText } from './dom.js'
import { createEventList } from './event-list.js'
import { rowOf, totalsInWords } from './row-of.js'
import { createSlots } from './slots.js'
import { createSparkline } from './sparkline.js'

const HEADS = ['Group', 'Count', 'Workers', 'Waiting', 'Active', 'Oldest', 'Last hour', 'Last decision']
/** With fewer, the eye is as quick. */
const FILTER_FROM = 8

/** All groups as they stand. */
export function createGroupsView() {
  const totals = h('p', { class: 'totals' })
  const input = h('input', { type: 'search', placeholder: 'part of a name', on: { input: () => refresh() } })
  const filter = h('label', { class: 'filter', hidden: true }, 'Show ', input)
  const body = h('tbody', { role: 'rowgroup' })
  const none = h('p', { class: 'quiet', hidden: true })
  const events = createEventList()
  const element = h(
    'div',
    {},
    h('div', { class: 'head' }, h('h1', {}, 'Groups'), totals, filter),
    h(
      'table',
      { class: 'groups', role: 'table', 'aria-label': 'Worker groups' },
      h(
        'thead',
        { role: 'rowgroup' },
        h(
          'tr',
          { role: 'row' },
          ...HEADS.map((head) => h('th', { role: 'columnheader', scope: 'col' }, head)),
        ),
      ),
      body,
    ),
    none,
    h('section', { class: 'panel' }, h('h2', {}, 'What happened'), events.element),
  )
  const show = createList(body, ({ group }) => `${group.namespace}/${group.job}/${group.group}`, createRow)
  let last
  const refresh = () => last && update(...last)

  function update(state, now) {
    last = [state, now]
    const { groups, sparks } = state
    if (groups === undefined) return
    const wanted = input.value.trim().toLowerCase()
    const shown = groups.filter(({ name }) => name.toLowerCase().includes(wanted))
    const isSeen = hasSeenNomad(state)
    setText(totals, totalsInWords(groups, isSeen))
    setAttribute(filter, 'hidden', groups.length < FILTER_FROM)
    setAttribute(none, 'hidden', shown.length > 0)
    setText(none, groups.length === 0 ? 'There is no group to scale yet.' : 'No group has such a name.')
    show(
      shown.map((group) => ({
        group: group.group,
        report: group,
        spark: sparks.get(group.name),
        now,
        isSeen,
      })),
    )
    events.update(state.events)
  }
  return { element, title: 'Groups', update, close() {} }
}

function createRow({ report }) {
  const name = h('a', { href: groupLink(report.name) }, report.name)
  const badges = h('span', { class: 'badges' })
  const texts = Object.fromEntries(
    [
      'count',
      'bounds',
      'boundsBy',
      'workers',
      'waiting',
      'active',
      'oldest',
      'target',
      'decision',
      'since',
    ].map((key) => [key, h('span', { class: key })]),
  )
  const late = h('span', { class: 'late', hidden: true }, '▲ late ')
  const slots = createSlots()
  const spark = createSparkline()
  const cell = (index, kind, ...children) =>
    h('td', { role: 'cell', class: kind, 'data-head': HEADS[index] }, ...children)
  const element = h(
    'tr',
    { role: 'row' },
    h('th', { role: 'rowheader', scope: 'row' }, name, ' ', badges),
    cell(1, 'number', texts.count, ' ', h('small', {}, texts.bounds, ' ', texts.boundsBy)),
    cell(2, 'workers', slots.element, texts.workers),
    cell(3, 'number', texts.waiting),
    cell(4, 'number', texts.active),
    cell(5, 'number age', late, texts.oldest, ' ', h('small', {}, texts.target)),
    cell(6, 'spark', spark.element),
    cell(7, 'words', texts.decision, ' ', h('small', {}, texts.since)),
  )
  let words = ''
  return {
    element,
    update({ report: group, spark: points, now, isSeen }) {
      const row = rowOf(group, now, isSeen)
      for (const [key, node] of Object.entries(texts)) setText(node, row[key])
      setAttribute(late, 'hidden', !row.isLate)
      setAttribute(element, 'class', row.isLate ? 'is-late' : undefined)
      const list = badgesOf(group, isSeen)
      const next = list.map(({ word }) => word).join()
      if (next !== words) badges.replaceChildren(...list.flatMap((one) => [badge(one), ' ']))
      words = next
      slots.update(group, isSeen)
      spark.update(points, group, now)
    },
  }
}
