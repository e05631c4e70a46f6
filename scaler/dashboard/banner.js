import { h } from './dom.js'
import { firstNames, problemsOf } from './problems.js'

const WORDS = { bad: 'Trouble', warn: 'Attention', note: 'Note' }
/** More than that nobody reads at once. */
const LINES = 6

/** Keeps the banner: gone when there is nothing to tell, and touched only when it says something else. */
export function createBanner(element) {
  let shown = ''
  return (state, now) => {
    const problems = problemsOf(state, now)
    const lines = problems.slice(0, LINES)
    if (problems.length > LINES)
      lines.push({
        level: 'warn',
        text: `and ${problems.length - LINES} more; the groups have them.`,
        groups: [],
      })
    const next = JSON.stringify(lines)
    if (next === shown) return
    shown = next
    element.replaceChildren(...lines.map(lineOf))
  }
}

function lineOf({ level, text, groups }) {
  const { shown, rest } = firstNames(groups)
  const links = shown.flatMap((name, index) => [
    index > 0 ? ', ' : ' ',
    h('a', { href: groupLink(name) }, name),
  ])
  return h(
    'p',
    { class: `line ${level}` },
    h('strong', {}, `${WORDS[level]}: `),
    text,
    links,
    rest > 0 ? ` and ${rest} more` : '',
  )
}

export function groupLink(name) {
  return `#/group/${encodeURIComponent(name)}`
}
