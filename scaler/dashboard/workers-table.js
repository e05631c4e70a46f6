import { createList, h, setAttribute, setText } from './dom.js'
import { many, shortId, span, UNKNOWN } from './format.js'
import { askRetire } from './group-orders.js'

const HEADS = ['Allocation', 'State', 'Busy', 'Task', 'Takes from', 'Node', 'Runs', 'Notes', 'Order']

/** Each worker of a group: its allocation, and what it works on. */
export function createWorkersTable(group, onDone) {
  const body = h('tbody', { role: 'rowgroup' })
  const none = h('p', { class: 'quiet' }, 'There is none.')
  const table = h(
    'table',
    { class: 'stacks', role: 'table', 'aria-label': 'Workers' },
    h(
      'thead',
      { role: 'rowgroup' },
      h('tr', { role: 'row' }, ...HEADS.map((head) => h('th', { role: 'columnheader', scope: 'col' }, head))),
    ),
    body,
  )
  const show = createList(body, keyOf, (worker) => createRow(group, worker, onDone))
  return {
    element: h('section', { class: 'panel' }, h('h2', {}, 'Workers'), table, none),
    update({ workers }, now) {
      show(workers.map((worker) => ({ ...worker, now })))
      setAttribute(table, 'hidden', workers.length === 0)
      setAttribute(none, 'hidden', workers.length > 0)
    },
  }
}

function keyOf({ allocation, worker }) {
  return allocation?.id ?? worker?.worker ?? ''
}

function createRow(group, { allocation }, onDone) {
  const id = h('code')
  const name = h('small')
  const cells = HEADS.slice(1, -1).map((head) => h('td', { role: 'cell', 'data-head': head }))
  const retire = h(
    'button',
    {
      class: 'small',
      type: 'button',
      hidden: allocation === undefined,
      on: { click: () => askRetire(group, allocation, onDone) },
    },
    'Retire …',
  )
  if (allocation !== undefined) setAttribute(retire, 'aria-label', `Retire ${shortId(allocation.id)} …`)
  return {
    element: h(
      'tr',
      { role: 'row' },
      h('th', { role: 'rowheader', scope: 'row' }, id, ' ', name),
      ...cells,
      h('td', { role: 'cell' }, retire),
    ),
    update(worker) {
      const { allocation: its, state } = worker
      setText(id, its === undefined ? '–' : shortId(its.id))
      setAttribute(id, 'title', its?.id)
      setText(name, its?.name ?? worker.worker?.worker ?? '')
      cellsOf(worker).forEach((text, index) => {
        setText(cells[index], text)
      })
      setAttribute(retire, 'hidden', its === undefined || state === 'retiring' || state === 'failed')
    },
  }
}

/** State, how busy, with what, queues, node, since when, notes. */
export function cellsOf({ allocation, worker, state, idleSince, now }) {
  const { busy, concurrency, queues, intake } = worker ?? {}
  const load =
    busy === undefined ? '–' : concurrency === undefined ? many(busy, 'task') : `${busy} of ${concurrency}`
  const notes = [
    intake === undefined || intake === 'taking' ? '' : intake,
    allocation?.restarts > 0 ? many(allocation.restarts, 'restart') : '',
    allocation?.trouble ?? '',
    worker === undefined && state !== 'starting' && state !== 'failed' ? 'the queue does not know it' : '',
  ]
  return [
    idleSince === undefined ? state : `${state} for ${span(now - idleSince)}`,
    load,
    tasksInWords(worker, now),
    queues?.join(', ') ?? '–',
    allocation?.node ?? '–',
    allocation?.startedAt === undefined ? '–' : span(now - allocation.startedAt),
    notes.filter(Boolean).join('; '),
  ]
}

/** "send for 5 s, resize for 2 s and 3 more": those that are known by name, and how many others there are. */
function tasksInWords({ busy, tasks = [] } = {}, now) {
  if (tasks.length === 0) return busy === 0 ? 'none' : UNKNOWN
  const shown = tasks.slice(0, 3).map(({ name, since }) => `${name} for ${span(now - since)}`)
  const more = Math.max(busy ?? 0, tasks.length) - shown.length
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
}
