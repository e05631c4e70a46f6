import type { HttpFaults } from '../faults.ts'

/**
 * What is wrong with the emulated Nomad at the moment. Each can be set and lifted while it runs. Without a leader, streams
 * only connect.
 */
export interface Faults extends HttpFaults {
  /** 429, as for a client with too many connections. */
  readonly tooManyConnections?: boolean
  /** Events that fit are not told to anybody. */
  readonly dropEvents?: (event: {
    readonly Topic: string
    readonly Type: string
    readonly Key: string
  }) => boolean
}
