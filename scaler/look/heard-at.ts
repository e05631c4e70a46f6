import type { ClusterState } from '../../src/ports.ts'

/** When Nomad was last heard of. A time that was noted before the clock was set is moved along. */
export interface HeardAt {
  at(): number
  step(ms: number): void
}

export function createHeardAt(state: () => ClusterState | undefined): HeardAt {
  let noted = Number.NaN
  let shift = 0
  return {
    at() {
      const heardAt = state()?.heardAt ?? 0
      return heardAt === noted ? heardAt + shift : heardAt
    },
    step(ms) {
      const heardAt = state()?.heardAt ?? 0
      shift = heardAt === noted ? shift + ms : ms
      noted = heardAt
    },
  }
}
