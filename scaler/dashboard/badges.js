import { h } from './dom.js'

const BLIND = new Set(['no-sample', 'stale-sample', 'cluster-blind'])

const ALERTS = {
  'at-max': ['warn', 'at its maximum'],
  'backlog-over-threshold': ['warn', 'late'],
  'source-blind': ['bad', 'blind'],
  'retirement-stuck': ['bad', 'stuck'],
  'scale-refused': ['bad', 'refused'],
  'allocation-failed': ['bad', 'failing'],
  'budget-reached': ['warn', 'at its budget'],
}

export function isBlind({ decision }) {
  return decision?.kind === 'hold' && BLIND.has(decision.because)
}

/** Whether Nomad has told of anything yet: until then a count of 0 says nothing. */
export function hasSeenNomad({ health }) {
  return health?.cluster.status !== 'connecting'
}

/** What is special about a group, in a word each: {level, word}. */
export function badgesOf(group, isSeen = true) {
  const badges = []
  if (group.paused) badges.push({ level: 'note', word: 'paused' })
  if (isBlind(group)) badges.push({ level: 'bad', word: 'blind' })
  if (isSeen && group.job !== 'present') badges.push({ level: 'note', word: `job ${group.job}` })
  for (const { kind, resolvedAt } of group.alerts) {
    const [level, word] = ALERTS[kind] ?? ['warn', kind]
    if (resolvedAt === undefined && !badges.some((badge) => badge.word === word)) badges.push({ level, word })
  }
  return badges
}

export function badge({ level, word }) {
  return h('span', { class: `badge ${level}` }, word)
}
