import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findCycles, type Graph } from '../../../src/core/rules/graph.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f']

const graphs: fc.Arbitrary<Graph<string>> = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES, 'unknown')), { maxLength: 14 })
  .map((pairs) => {
    const edges = (name: string) =>
      pairs.filter(([from]) => from === name).map(([from, to]) => ({ to, why: `${from}>${to}` }))
    return new Map(NAMES.map((name) => [name, edges(name)]))
  })

/** Takes away nodes without edges until nothing changes: what is left has a cycle. */
function isAcyclic(graph: Graph<string>): boolean {
  const left = new Map([...graph].map(([name, edges]) => [name, edges.filter(({ to }) => graph.has(to))]))
  for (;;) {
    const free = [...left].find(([, edges]) => edges.every(({ to }) => !left.has(to)))
    if (free === undefined) return left.size === 0
    left.delete(free[0])
  }
}

describe('findCycles', () => {
  it('finds a cycle exactly when there is one', () => {
    fc.assert(fc.property(graphs, (graph) => (findCycles(graph).length === 0) === isAcyclic(graph)))
  })

  it('gives closed walks along edges, through each node once', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        for (const cycle of findCycles(graph)) {
          for (const [index, step] of cycle.entries()) {
            expect(graph.get(step.from)).toContainEqual({ to: step.to, why: step.why })
            expect(cycle[(index + 1) % cycle.length]?.from).toBe(step.to)
          }
          expect(new Set(cycle.map(({ from }) => from)).size).toBe(cycle.length)
        }
      }),
    )
  })

  it('gives no two cycles that share a node', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const nodes = findCycles(graph).flatMap((cycle) => cycle.map(({ from }) => from))
        expect(new Set(nodes).size).toBe(nodes.length)
      }),
    )
  })

  it('follows a chain of any length', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => String(index))
    const chain = new Map(names.map((name, index) => [name, [{ to: String(index + 1), why: '' }]]))
    expect(findCycles(chain)).toEqual([])
    expect(findCycles(new Map([...chain, ['20000', [{ to: '0', why: '' }]]]))[0]).toHaveLength(20_001)
  })
})
