import { createList, h, setText } from './dom.js'
import { time } from './format.js'

/** What happened, newest first: a time and a line each. */
export function createEventList() {
  const element = h('ol', { class: 'events', 'aria-label': 'Events, newest first' })
  const show = createList(
    element,
    (event) => `${event.at} ${event.id}`,
    () => {
      const at = h('time')
      const words = h('span')
      return {
        element: h('li', {}, at, ' ', words),
        update(event) {
          setText(at, time(event.at, Date.now()))
          setText(words, event.message)
        },
      }
    },
  )
  return { element, update: show }
}
