/** An edge of a directed graph and what it stands for. */
export interface Edge<T> {
  readonly to: string
  readonly why: T
}

export type Graph<T> = ReadonlyMap<string, readonly Edge<T>[]>

/** One step of a cycle: from a node along an edge. */
export interface Step<T> extends Edge<T> {
  readonly from: string
}

/**
 * One cycle, as short as any, of each part of the graph whose nodes all reach each other. Linear in nodes and
 * edges apart from the search for the short one. Edges to unknown nodes are ignored.
 */
export function findCycles<T>(graph: Graph<T>): Step<T>[][] {
  return components(graph).flatMap((nodes) => {
    const start = nodes.values().next().value
    const cycle = start === undefined ? undefined : shortestCycle(graph, nodes, start)
    return cycle ? [cycle] : []
  })
}

/** Tarjan's strongly connected components, without recursion: a chain of jobs may be long. */
function components<T>(graph: Graph<T>): Set<string>[] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()
  const found: Set<string>[] = []
  const low = (node: string): number => lowest.get(node) ?? 0
  for (const root of graph.keys()) {
    if (order.has(root)) continue
    const work: { node: string; next: number }[] = [{ node: root, next: 0 }]
    while (work.length > 0) {
      const frame = work[work.length - 1] as { node: string; next: number }
      const { node } = frame
      if (frame.next === 0) {
        order.set(node, order.size)
        lowest.set(node, order.size - 1)
        stack.push(node)
        onStack.add(node)
      }
      const edge = graph.get(node)?.[frame.next++]
      if (edge !== undefined) {
        if (!graph.has(edge.to)) continue
        if (!order.has(edge.to)) work.push({ node: edge.to, next: 0 })
        else if (onStack.has(edge.to)) lowest.set(node, Math.min(low(node), order.get(edge.to) ?? 0))
        continue
      }
      work.pop()
      const parent = work.at(-1)?.node
      if (parent !== undefined) lowest.set(parent, Math.min(low(parent), low(node)))
      if (low(node) !== order.get(node)) continue
      const component = new Set(stack.splice(stack.indexOf(node)))
      for (const member of component) onStack.delete(member)
      found.push(component)
    }
  }
  return found
}

/** Breadth first from a node back to itself, inside one component. */
function shortestCycle<T>(
  graph: Graph<T>,
  inside: ReadonlySet<string>,
  start: string,
): Step<T>[] | undefined {
  const arrived = new Map<string, Step<T>>()
  const queue = [start]
  for (const from of queue)
    for (const edge of graph.get(from) ?? []) {
      if (!inside.has(edge.to) || arrived.has(edge.to)) continue
      arrived.set(edge.to, { from, ...edge })
      if (edge.to === start) return walkBack(arrived, start)
      queue.push(edge.to)
    }
  return undefined
}

function walkBack<T>(arrived: ReadonlyMap<string, Step<T>>, start: string): Step<T>[] {
  const steps: Step<T>[] = []
  let at = start
  do {
    const step = arrived.get(at)
    if (step === undefined) break
    steps.unshift(step)
    at = step.from
  } while (at !== start)
  return steps
}
