import { groupKeyPath, keyPrefix } from '../src/core/consul/names.ts'
import { groupName } from '../src/core/scaling/group-ref.ts'
import { type ConsulClient, MAX_KEYS_AT_ONCE } from './client.ts'
import { type GroupFacts, groupNumbers, healthOfGroup } from './group-health.ts'
import { isRefusal } from './sync.ts'
import { RECONCILE_MS } from './times.ts'

export interface Numbers {
  /** Writes what has changed; gives what Consul refused. Throws UNAVAILABLE. */
  write(stack: string, groups: readonly GroupFacts[]): Promise<string | undefined>
  /** Keys of groups that are no more are to be looked for, next time. */
  isDue(): void
  /** Has all written anew. */
  forget(): void
}

/**
 * The live numbers of the worker groups in Consul's key-value store. The output of a check does not do for them:
 * while the state stays the same, Consul keeps it to the agent for minutes.
 */
export function createNumbers(
  client: ConsulClient,
  elapsed: (since: number) => number,
  now: () => number,
): Numbers {
  const written = new Map<string, string>()
  let mustTidy = true
  let refusal: { readonly message: string; readonly at: number } | undefined

  async function writeChanged(stack: string, groups: readonly GroupFacts[]): Promise<void> {
    const values = groups.map(
      (group) =>
        [
          groupKeyPath(stack, groupName(group.group)),
          JSON.stringify(groupNumbers(group, healthOfGroup(group))),
        ] as const,
    )
    const changed = values.filter(([key, value]) => written.get(key) !== value)
    for (let at = 0; at < changed.length; at += MAX_KEYS_AT_ONCE) {
      const batch = new Map(changed.slice(at, at + MAX_KEYS_AT_ONCE))
      await client.writeKeys(stack, batch)
      for (const [key, value] of batch) written.set(key, value)
    }
    if (mustTidy) await tidy(stack, new Set(values.map(([key]) => key)))
    mustTidy = false
  }

  async function tidy(stack: string, wanted: ReadonlySet<string>): Promise<void> {
    const keys = await client.listKeys(`${keyPrefix(stack)}groups/`)
    const old = keys.filter((key) => !wanted.has(key)).slice(0, MAX_KEYS_AT_ONCE)
    await client.writeKeys(stack, new Map(old.map((key) => [key, undefined])))
    for (const key of written.keys()) if (!wanted.has(key)) written.delete(key)
  }

  return {
    async write(stack, groups) {
      if (refusal !== undefined && elapsed(refusal.at) < RECONCILE_MS) return refusal.message
      try {
        await writeChanged(stack, groups)
        refusal = undefined
      } catch (error) {
        if (!isRefusal(error)) throw error
        refusal = { message: error.message, at: now() }
      }
      return refusal?.message
    },
    isDue() {
      mustTidy = true
    },
    forget() {
      written.clear()
    },
  }
}
