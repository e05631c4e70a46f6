import { get, groupPath } from './api.js'
import { h } from './dom.js'
import { many, number, span, time } from './format.js'

/** Why it was decided so, at a time or now. Always gives an element. */
export async function why(group, at) {
  try {
    return render(await get(groupPath(group, at === undefined ? '/why' : `/why?at=${at}`)), Date.now())
  } catch (error) {
    return h('p', { class: 'fault' }, error.message)
  }
}

function render({ decidedAt, since, steps, decision, inputs, action }, now) {
  const votes = decision.reasons.filter(({ kind }) => kind === 'vote')
  const others = steps.filter((_, index) => decision.reasons[index]?.kind !== 'vote')
  return h(
    'div',
    { class: 'why' },
    h(
      'p',
      { class: 'quiet' },
      `Decided at ${time(decidedAt, now)}${since === undefined ? '' : `, and so since ${time(since, now)}`}.`,
    ),
    votes.length > 0 && [
      h('h3', {}, 'Votes'),
      table(
        ['Strategy', 'Wants', 'Why'],
        votes.map(({ strategy, count, why: words }) => [
          strategy,
          count === undefined ? 'abstains' : number(count),
          words,
        ]),
      ),
    ],
    h('h3', {}, 'Steps'),
    h('ol', {}, ...others.map((step) => h('li', {}, step))),
    inputs && inputsOf(inputs, decidedAt),
    action && [h('h3', {}, 'What came of it'), h('p', {}, action.message)],
  )
}

function inputsOf({ samples, workers, policy }, at) {
  const queues = Object.entries(samples).map(([queue, reading]) => {
    if (!reading.ok) return [queue, '–', '–', '–', '–', `not known: ${reading.cause.message}`]
    const { waiting, due = 0, active, delayed, oldestAgeMs, at: readAt, paused } = reading.sample
    return [
      queue,
      number(waiting + due),
      number(active),
      number(delayed),
      span(oldestAgeMs),
      `${span(at - readAt)} before${paused ? '; the queue is paused' : ''}`,
    ]
  })
  return [
    h('h3', {}, 'Made from'),
    queues.length > 0 && table(['Queue', 'Waiting', 'Active', 'Delayed', 'Oldest', 'Read'], queues),
    h('p', {}, workersInWords(workers)),
    h('p', {}, policyInWords(policy)),
  ]
}

function workersInWords(workers) {
  if (!workers.ok) return `What the workers do is not known: ${workers.cause.message}.`
  const busy = workers.workers.filter((worker) => worker.busy > 0).length
  return `${many(workers.workers.length, 'worker')} told what they do, ${busy} busy.`
}

function policyInWords({ min, max, concurrency, keepAliveMs, strategies, origin }) {
  const names = strategies.map(({ name }) => name).join(', ')
  return (
    `Policy (of the ${origin === 'stack' ? 'stack' : 'job in Nomad'}): ${min} to ${max}, ` +
    `${concurrency} at once each, idle ones stay ${span(keepAliveMs)}; strategies: ${names}.`
  )
}

function table(heads, rows) {
  return h(
    'table',
    {},
    h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
    h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map((text) => h('td', {}, text))))),
  )
}
