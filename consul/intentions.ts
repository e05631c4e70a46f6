import { INTENTION_MARK } from '../src/core/consul/intention-files.ts'
import type { Intention } from '../src/core/plan/connect.ts'
import { z } from '../src/core/zod.ts'
import { DroverError } from '../src/errors.ts'
import type { ConsulClient } from './client.ts'
import { each } from './each.ts'

/** The intentions of one service, as Consul has them. */
export interface PresentIntention {
  readonly service: string
  /** The stack that wrote them; undefined: somebody else did. */
  readonly stack?: string
  /** `allow web`, `deny *`; what Drover never writes is in it too, and makes a difference. */
  readonly sources: readonly string[]
  /** For compare-and-set. */
  readonly index: number
}

export interface IntentionChanges {
  readonly write: readonly { readonly intention: Intention; readonly index: number }[]
  readonly remove: readonly PresentIntention[]
  /** Wanted, but written by somebody else: left as they are. */
  readonly foreign: readonly PresentIntention[]
  readonly unchanged: number
}

const entriesSchema = z.array(
  z.object({
    Name: z.string(),
    Meta: z.record(z.string(), z.string()).nullish(),
    Sources: z
      .array(
        z.looseObject({
          Name: z.string(),
          Action: z.string().optional(),
          Permissions: z.array(z.unknown()).nullish(),
        }),
      )
      .nullish(),
    ModifyIndex: z.number(),
  }),
)

/** Every service's intentions that the token may read. Throws what the client throws. */
export async function readIntentions(client: ConsulClient): Promise<PresentIntention[]> {
  const entries = await client.ask({
    path: '/v1/config/service-intentions',
    what: 'read the intentions',
    needs: 'intentions:read',
    schema: entriesSchema,
  })
  return (entries ?? []).map(({ Name, Meta, Sources, ModifyIndex }) => {
    const stack = Meta?.[INTENTION_MARK]
    return {
      service: Name,
      ...(stack === undefined ? {} : { stack }),
      sources: (Sources ?? []).map((source) =>
        source.Permissions ? `permissions ${source.Name}` : `${source.Action} ${source.Name}`,
      ),
      index: ModifyIndex,
    }
  })
}

/** What must be written and removed; only what bears the stack's mark is ever changed. */
export function compareIntentions(
  stack: string,
  wanted: readonly Intention[],
  present: readonly PresentIntention[],
): IntentionChanges {
  const byService = new Map(present.map((one) => [one.service, one]))
  const write: { intention: Intention; index: number }[] = []
  const foreign: PresentIntention[] = []
  for (const intention of wanted) {
    const known = byService.get(intention.service)
    if (known === undefined) write.push({ intention, index: 0 })
    else if (known.stack !== stack) foreign.push(known)
    else if (sourcesOf(intention).sort().join() !== [...known.sources].sort().join())
      write.push({ intention, index: known.index })
  }
  const names = new Set(wanted.map(({ service }) => service))
  return {
    write,
    remove: present.filter((one) => one.stack === stack && !names.has(one.service)),
    foreign,
    unchanged: wanted.length - write.length - foreign.length,
  }
}

/** Carries changes out, each only if nobody changed the same entry meanwhile. Throws what the client throws. */
export async function applyIntentions(
  client: ConsulClient,
  stack: string,
  { write, remove }: Pick<IntentionChanges, 'write' | 'remove'>,
): Promise<void> {
  const change = async (
    service: string,
    method: 'PUT' | 'DELETE',
    path: string,
    cas: number,
    body?: object,
  ) => {
    const done = await client.ask({
      method,
      path,
      params: { cas },
      ...(body === undefined ? {} : { body }),
      what: `${body === undefined ? 'remove' : 'write'} the intentions of ${service}`,
      needs: `intentions:write on "${service}"`,
      schema: z.unknown(),
    })
    if (done === false)
      throw new DroverError('REJECTED', `the intentions of ${service} were changed by another meanwhile`, {
        hint: 'Run it again.',
      })
  }
  await each(write, 4, ({ intention, index }) =>
    change(intention.service, 'PUT', '/v1/config', index, {
      Kind: 'service-intentions',
      Name: intention.service,
      Meta: { [INTENTION_MARK]: stack },
      Sources: sourcesOf(intention).map((source) => {
        const [action, name] = source.split(' ')
        return { Name: name, Action: action }
      }),
    }),
  )
  await each(remove, 4, ({ service, index }) =>
    change(service, 'DELETE', `/v1/config/service-intentions/${encodeURIComponent(service)}`, index),
  )
}

function sourcesOf({ sources }: Intention): string[] {
  return [...sources.map((name) => `allow ${name}`), 'deny *']
}
