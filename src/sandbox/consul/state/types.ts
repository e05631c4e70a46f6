/** Consul's own shapes, in its own names. Values are never changed in place: a change is a new value. */
export interface ConsulService {
  readonly ID: string
  readonly Service: string
  readonly Kind?: string
  readonly Tags: readonly string[]
  readonly Meta: Readonly<Record<string, string>>
  readonly Port: number
  readonly Address: string
  /** By kind of address; Consul fills them in for one that is no name. */
  readonly TaggedAddresses?: Readonly<Record<string, { readonly Address: string; readonly Port: number }>>
  readonly Weights: { readonly Passing: number; readonly Warning: number }
  readonly EnableTagOverride: boolean
  readonly CreateIndex: number
  readonly ModifyIndex: number
}

export type CheckStatus = 'passing' | 'warning' | 'critical'

export interface ConsulCheck {
  readonly CheckID: string
  readonly Name: string
  readonly Status: CheckStatus
  readonly Notes: string
  readonly Output: string
  /** Empty for a check of the node. */
  readonly ServiceID: string
  readonly Type: string
  readonly Interval: string
  readonly Timeout: string
  readonly CreateIndex: number
  readonly ModifyIndex: number
}

export interface KeyValue {
  readonly Key: string
  /** Base64. */
  readonly Value: string
  readonly Flags: number
  readonly LockIndex: number
  readonly Session?: string
  readonly CreateIndex: number
  readonly ModifyIndex: number
}

export interface ConsulSession {
  readonly ID: string
  readonly Name: string
  readonly Node: string
  /** Nanoseconds. */
  readonly LockDelay: number
  readonly Behavior: 'release' | 'delete'
  /** As it was given; empty for none. */
  readonly TTL: string
  readonly CreateIndex: number
  readonly ModifyIndex: number
}

export interface ConfigEntry {
  readonly Kind: string
  readonly Name: string
  readonly CreateIndex: number
  readonly ModifyIndex: number
  readonly [other: string]: unknown
}
