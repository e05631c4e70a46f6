/** A state that nobody renews turns critical after this time. Times are as docs/consul.md says. */
export const TTL = '45s'
/** How often a state that stays the same is renewed. */
export const RENEWED = '15s'
export const RENEW_MS = 15_000
/** What has been critical for so long because nobody renews it is removed by Consul, within half a minute. */
export const DEREGISTER_AFTER = '10m'
/** How often what is registered is compared with what should be. */
export const RECONCILE_MS = 60_000
/** How long to wait after Consul could not be reached: at first, and at most. */
export const RETRY_MS = { first: 1000, most: 15_000 } as const

export const SCALER_CHECK = { interval: '10s', timeout: '5s', retries: 3 } as const
