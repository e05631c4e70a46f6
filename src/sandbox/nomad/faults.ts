/** What is wrong with the emulated Nomad at the moment; empty: nothing. Each can be set and lifted while it runs. */
export interface Faults {
  /** Added to every answer, milliseconds. */
  readonly latencyMs?: number
  /** Answered to every request that `only` fits, in place of what was asked for. */
  readonly error?: { readonly status: number; readonly body: string; readonly only?: RegExp }
  /** Every request is answered by 500 "No cluster leader" after this many milliseconds; streams only connect. */
  readonly noLeader?: { readonly afterMs: number }
  /** 429, as for a client with too many connections. */
  readonly tooManyConnections?: boolean
  /** Requests that fit are never answered. */
  readonly hang?: RegExp
  /** Events that fit are not told to anybody. */
  readonly dropEvents?: (event: {
    readonly Topic: string
    readonly Type: string
    readonly Key: string
  }) => boolean
}
