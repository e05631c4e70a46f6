import { get, groupPath } from './api.js'
import { createList, h, setText } from './dom.js'
import { time } from './format.js'
import { mergeEvents } from './store.js'
import { why } from './why.js'

const KEPT = 100

/** What was decided about a group and what else happened to it, newest first; each decision opens to its reasons. */
export function createStory(group) {
  const list = h('ol', { class: 'story' })
  const none = h('p', { class: 'quiet', hidden: true }, 'Nothing is kept yet.')
  const now = details(h('b', {}, 'In force now'), '', () => why(group))
  let events = []
  const show = createList(
    list,
    ({ at, id }) => `${at} ${id}`,
    (event) => {
      const at = h('time', {}, time(event.at, Date.now()))
      const element =
        event.kind === 'decision'
          ? h(
              'li',
              {},
              details(at, event.message, () => why(group, event.at)),
            )
          : h('li', { class: 'plain' }, at, ' ', event.message)
      return { element, update() {} }
    },
  )
  const add = (more) => {
    events = mergeEvents(events, more, KEPT)
    show(events)
    none.hidden = events.length > 0
  }
  return {
    element: h(
      'section',
      { class: 'panel' },
      h('h2', {}, 'Decisions'),
      h('div', { class: 'story' }, now),
      h('p', { class: 'quiet' }, 'Open one for its votes, steps and inputs.'),
      list,
      none,
    ),
    async load() {
      try {
        const answer = await get(`v1/history?group=${encodeURIComponent(group)}&limit=${KEPT}`)
        add(answer.events)
      } catch {
        // The banner says that nobody answers; it is read again when the stream is back.
      }
    },
    add: (event) => add([event]),
    update({ explained }) {
      setText(now.querySelector('.words'), explained ?? 'nothing has been decided yet')
    },
  }
}

/** Its reasons are asked for when it is opened, each time. */
function details(head, words, load) {
  const body = h('div')
  const element = h(
    'details',
    {
      on: {
        toggle: async () => {
          if (element.open) body.replaceChildren(await load())
        },
      },
    },
    h('summary', {}, head, ' ', h('span', { class: 'words' }, words)),
    body,
  )
  return element
}

/** The path of the series of a group. */
export function seriesPath(group, from, to, step) {
  return groupPath(group, `/series?from=${Math.round(from)}&to=${Math.round(to)}&step=${step}`)
}
