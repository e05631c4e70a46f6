import { h, setAttribute } from './dom.js'
import { shortId } from './format.js'
import { askOrder } from './orders.js'

/** The buttons of a group. */
export function createGroupOrders(current, onDone) {
  const button = (words, ask) => h('button', { type: 'button', on: { click: () => ask(current()) } }, words)
  const pause = button('Pause …', ({ name }) =>
    askOrder({
      group: name,
      what: 'pause',
      title: `Pause ${name}`,
      text: 'The group is left as it is until it is resumed.',
      fields: [
        { name: 'for', label: 'For how long', hint: 'Such as 30m or 2h. Empty: until it is resumed.' },
        { name: 'reason', label: 'Why', hint: 'Kept in the history.' },
      ],
      button: 'Pause',
      done: `${name} is paused.`,
      onDone,
    }),
  )
  const resume = button('Resume …', ({ name }) =>
    askOrder({
      group: name,
      what: 'resume',
      title: `Resume ${name}`,
      button: 'Resume',
      done: `${name} is scaled again.`,
      onDone,
    }),
  )
  const bounds = button('Bounds …', ({ name, bounds: { min, max }, policy }) =>
    askOrder({
      group: name,
      what: 'bounds',
      title: `Bounds of ${name}`,
      text: `The policy says ${policy.min} to ${policy.max}. Leave both empty to go back to that.`,
      fields: [
        { name: 'min', label: 'Least', type: 'number', min: 0, value: min },
        { name: 'max', label: 'Most', type: 'number', min: 0, value: max },
      ],
      button: 'Set bounds',
      body: boundsBody,
      done: `The bounds of ${name} are set.`,
      onDone,
    }),
  )
  const scale = button('Set count …', ({ name, desired }) =>
    askOrder({
      group: name,
      what: 'scale',
      title: `Count of ${name}`,
      text: 'It is set now; the next decision may change it again.',
      fields: [{ name: 'count', label: 'Count', type: 'number', min: 0, value: desired, required: true }],
      button: 'Set count',
      body: ({ count }) => ({ count: Number(count) }),
      done: `The count of ${name} is set.`,
      onDone,
    }),
  )
  return {
    element: h(
      'div',
      { class: 'actions', role: 'group', 'aria-label': 'Orders' },
      pause,
      resume,
      bounds,
      scale,
    ),
    update({ paused }) {
      setAttribute(pause, 'hidden', paused !== undefined)
      setAttribute(resume, 'hidden', paused === undefined)
    },
  }
}

export function boundsBody({ min, max }) {
  if (min === undefined && max === undefined) return { clear: true }
  return {
    ...(min === undefined ? {} : { min: Number(min) }),
    ...(max === undefined ? {} : { max: Number(max) }),
  }
}

export function askRetire(group, allocation, onDone) {
  askOrder({
    group,
    what: 'retire',
    title: `Retire ${shortId(allocation.id)}`,
    text: `${allocation.name} finishes what it has, and leaves.`,
    fields: [{ name: 'reason', label: 'Why', hint: 'Kept in the history.' }],
    button: 'Retire',
    body: (values) => ({ ...values, allocation: allocation.id }),
    done: `${shortId(allocation.id)} is asked to leave.`,
    onDone,
  })
}
