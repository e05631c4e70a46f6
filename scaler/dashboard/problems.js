import { isBlind } from './badges.js'
import { many, span } from './format.js'

const NAMED = 3
/** The scaler is asked every two seconds. */
const SILENT_MS = 8000

/**
 * What everybody must see at once: {level, text, groups}, the worst first. `groups` are names to be linked to.
 * @param state what the page knows
 * @param now by the server's clock
 */
export function problemsOf({ groups = [], health, trouble, heardAt }, now) {
  const problems = []
  const add = (level, text, names = []) => problems.push({ level, text, groups: names })

  if (trouble !== undefined && (heardAt === undefined || now - heardAt > SILENT_MS))
    add(
      'bad',
      heardAt === undefined
        ? `The scaler does not answer: ${trouble}`
        : `The scaler has not answered for ${span(now - heardAt)}; what is shown is as old.`,
    )
  if (health !== undefined) {
    const { isLeader, leader, cluster, sources, dryRun } = health
    if (!isLeader && leader === undefined) add('bad', 'No scaler leads: nothing is scaled.')
    else if (!isLeader) add('note', `This scaler does not lead, ${leader} does. It takes no orders.`)
    const blind = []
    if (cluster.status !== 'ready')
      blind.push(`Nomad is not heard of${since(cluster.since, now)}${because(cluster.cause)}`)
    for (const [name, { polls }] of Object.entries(sources))
      if (polls.status === 'lost' || polls.status === 'connecting')
        blind.push(
          `the queues of ${name} cannot be read${since(polls.since, now)}${because(polls.cause?.message)}`,
        )
    if (blind.length > 0) add('bad', `Blind: ${blind.join('; ')}. Nothing is scaled down.`)
    // Of being blind, the scaler's own words are the same again.
    else for (const problem of health.problems) add('bad', `${problem}.`)
    if (dryRun) add('note', 'Dry run: decisions are only told, nothing is changed.')
  }
  const named = (level, list, words) => {
    if (list.length > 0)
      add(
        level,
        words(many(list.length, 'group')),
        list.map(({ name }) => name),
      )
  }
  if (!problems.some(({ text }) => text.startsWith('Blind')))
    named('bad', groups.filter(isBlind), (count) => `Blind: what ${count} would need is not known:`)
  for (const { name, alerts } of groups)
    for (const { kind, message, resolvedAt } of alerts)
      if (resolvedAt === undefined && STUCK.has(kind)) add('bad', `${message} `, [name])
  named(
    'warn',
    groups.filter(({ alerts }) =>
      alerts.some(({ kind, resolvedAt }) => LATE.has(kind) && resolvedAt === undefined),
    ),
    (count) => `At the limit, and work waits: ${count}:`,
  )
  named(
    'note',
    groups.filter(({ paused }) => paused),
    (count) => `Paused: ${count}:`,
  )
  return problems
}

const STUCK = new Set(['retirement-stuck', 'scale-refused', 'allocation-failed'])
const LATE = new Set(['at-max', 'backlog-over-threshold', 'budget-reached'])

/** The first names, and how many more there are. */
export function firstNames(names) {
  const rest = names.length - NAMED
  return { shown: rest > 1 ? names.slice(0, NAMED) : names, rest: rest > 1 ? rest : 0 }
}

function since(at, now) {
  return ` for ${span(now - at)}`
}

function because(cause) {
  return cause === undefined ? '' : ` (${cause})`
}
