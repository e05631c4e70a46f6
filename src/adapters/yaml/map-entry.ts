import { type ComposeState, DROPPED, type Frame, MAX_PROBLEMS, MERGE, report } from './compose-state.ts'
import type { YamlEntry, YamlNode } from './node.ts'

/** Puts a key and its value into the map that is being filled; reports a key that is there already. */
export function addPair(state: ComposeState, frame: Frame, entry: YamlEntry): void {
  const { key } = frame
  if (key === MERGE) mergeInto(state, frame, entry)
  if (typeof key !== 'string') return
  const inherited = frame.merged?.delete(key) === true
  const first = inherited ? undefined : frame.keys.get(key)
  if (first) {
    reportTwice(state, frame, key, first)
    return
  }
  frame.keys.set(key, entry)
  frame.map[key] = entry.node.value
}

function reportTwice(state: ComposeState, frame: Frame, key: string, first: YamlEntry): void {
  // Counting lines takes time, which a file that repeats one key thousands of times must not be able to take.
  if (state.problems.length >= MAX_PROBLEMS) return
  const line = state.text.slice(0, first.keyStart - state.base).split('\n').length
  const message = `"${key}" is given twice, first in line ${line}`
  report(state, frame.keyStart, message, 'keep one of them', 'duplicate-key')
}

/** `<<: *name` or `<<: [*one, *two]`: keys that are written win, then the earlier of the list. */
function mergeInto(state: ComposeState, frame: Frame, entry: YamlEntry): void {
  const { node } = entry
  for (const source of node.kind === 'list' ? node.entries.map((item) => item.node) : [node]) {
    if (source.kind !== 'map') {
      report(state, frame.keyStart, '"<<" takes a map or a list of maps', 'for example "<<: *name"')
      continue
    }
    for (const [key, inherited] of source.entries) {
      if (frame.keys.has(key)) continue
      frame.merged ??= new Set()
      frame.merged.add(key)
      frame.keys.set(key, inherited)
      frame.map[key] = inherited.node.value
    }
  }
}

/** What a node means as a key: its text, `<<`, or nothing usable, which is reported. */
export function readKey(
  state: ComposeState,
  node: YamlNode,
  start: number,
  end: number,
): string | typeof MERGE | typeof DROPPED {
  if (node.kind !== 'scalar') {
    const fix =
      state.text.startsWith('{{', start - 1) || node.kind === 'map'
        ? 'put a text that starts with "{" in quotes'
        : 'use a text'
    report(state, start, `a ${node.kind} cannot be a key`, fix, 'bad-key')
    return DROPPED
  }
  if (node.value === '<<' && node.style === 'plain') return MERGE
  if (node.value === '__proto__') {
    report(state, start, '"__proto__" cannot be a key', 'use another name', 'bad-key')
    return DROPPED
  }
  if (typeof node.value === 'string') return node.value
  const written = start < 0 ? '' : state.text.slice(start, end)
  if (node.value === null && written === '')
    report(state, start, 'a key is missing before ":"', 'write one', 'bad-key')
  else
    report(
      state,
      start,
      `the key ${written} is read as a ${node.value === null ? 'null' : typeof node.value}, not as text`,
      `write "${written}"`,
      'bad-key',
    )
  return written
}
