/** Where a task goes, and which pattern says so. */
export interface Route {
  readonly queue: string
  /** As written in the stack. */
  readonly pattern: string
}

export interface Router {
  /** Undefined when no pattern matches: the stack does not say where the task goes. */
  route(task: string): Route | undefined
  /** Every route, the most specific first: the first one that matches a task is the one that `route` finds. */
  readonly routes: readonly Route[]
}

/**
 * From the stack's `routes`. In a pattern `*` stands for any text, also none; every other character is itself. Of
 * all patterns that match a task the most specific one wins: a name without `*` first, then the one with more
 * characters other than `*`, then with fewer `*`, then with more text before the first `*`, then the one that is
 * written first. So a pattern that matches a part of what another one matches always wins over it, wherever the two
 * are written.
 */
export function createRouter(routes: Readonly<Record<string, string>>): Router {
  const sorted = Object.entries(routes)
    .map(([pattern, queue], index) => ({ pattern, queue, index, texts: pattern.split('*') }))
    .sort(
      (a, b) =>
        Number(a.texts.length > 1) - Number(b.texts.length > 1) ||
        letters(b.texts) - letters(a.texts) ||
        a.texts.length - b.texts.length ||
        (b.texts[0]?.length ?? 0) - (a.texts[0]?.length ?? 0) ||
        a.index - b.index,
    )
  const found = sorted.map(({ pattern, queue }): Route => ({ pattern, queue }))
  return {
    routes: found,
    route(task) {
      const at = sorted.findIndex(({ texts }) => matches(texts, task))
      return found[at]
    },
  }
}

function letters(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0)
}

/** Whether the texts come one after another, from the start to the end; each as early as it can. */
function matches(texts: readonly string[], task: string): boolean {
  const [first = '', ...rest] = texts
  const last = rest.pop()
  if (last === undefined) return task === first
  if (!task.startsWith(first)) return false
  let at = first.length
  for (const text of rest) {
    const next = task.indexOf(text, at)
    if (next < 0) return false
    at = next + text.length
  }
  return task.length - last.length >= at && task.endsWith(last)
}
