import { idPrefix, keyPrefix } from '../src/core/consul/names.ts'
import { z } from '../src/core/zod.ts'
import { type ConsulHttp, createConsulHttp } from './http.ts'
import type { PresentService } from './reconcile.ts'
import { MARK, type Registration, toApi } from './registration.ts'
import type { ConsulSettings } from './settings.ts'

/** Consul as Drover uses it. Everything throws DroverError: UNAVAILABLE or REJECTED. */
export interface ConsulClient extends Pick<ConsulHttp, 'close' | 'ask'> {
  /** What this agent has with the mark of a stack. Services that the token may not read are not in it. */
  present(stack: string): Promise<PresentService[]>
  /** Puts a service in the place of the one with its ID, checks included; those that stay keep their state. */
  register(registration: Registration): Promise<void>
  /** Does nothing when it is gone already. */
  deregister(service: Pick<PresentService, 'id' | 'name'>): Promise<void>
  /** Sets the state of a check of type ttl; false when the agent does not have it. */
  tell(check: CheckState): Promise<boolean>
  /** Sets keys below the prefix of a stack, or deletes those whose value is undefined; all or none. */
  writeKeys(stack: string, values: ReadonlyMap<string, string | undefined>): Promise<void>
  /** Full names of the keys below a prefix. */
  listKeys(prefix: string): Promise<readonly string[]>
}

export interface CheckState {
  readonly id: string
  /** Of the service that it belongs to. */
  readonly service: string
  readonly status: 'passing' | 'warning' | 'critical'
  readonly output: string
}

/** Operations in one transaction; Consul takes no more. */
export const MAX_KEYS_AT_ONCE = 64

const servicesSchema = z.record(
  z.string(),
  z.object({
    ID: z.string(),
    Service: z.string(),
    Tags: z.array(z.string()).nullish(),
    Meta: z.record(z.string(), z.string()).nullish(),
    Address: z.string(),
    Port: z.number(),
  }),
)
const checksSchema = z.record(
  z.string(),
  z.object({ CheckID: z.string(), ServiceID: z.string(), Status: z.string(), Output: z.string() }),
)

export function createConsulClient(settings: ConsulSettings): ConsulClient {
  const { ask, close } = createConsulHttp(settings)
  return {
    ask,
    close,
    async present(stack) {
      const needs = 'service:read'
      const what = `read the services of the stack ${stack}`
      const filter = (text: string) => ({ params: { filter: text }, what, needs })
      const [services = {}, checks = {}] = await Promise.all([
        ask({
          path: '/v1/agent/services',
          ...filter(`Meta.${MARK.stack} == ${JSON.stringify(stack)}`),
          schema: servicesSchema,
        }),
        ask({
          path: '/v1/agent/checks',
          ...filter(`ServiceID matches ${JSON.stringify(`^${idPrefix(stack)}`)}`),
          schema: checksSchema,
        }),
      ])
      return presentServices(stack, services, Object.values(checks))
    },
    async register(registration) {
      await ask({
        method: 'PUT',
        path: '/v1/agent/service/register',
        params: { 'replace-existing-checks': 'true' },
        body: toApi(registration),
        what: `register the service ${registration.name}`,
        needs: `service:write on "${registration.name}"`,
      })
    },
    async deregister({ id, name }) {
      await ask({
        method: 'PUT',
        path: `/v1/agent/service/deregister/${encodeURIComponent(id)}`,
        what: `remove the service ${name}`,
        needs: `service:write on "${name}"`,
        accept: 404,
      })
    },
    async tell({ id, service, status, output }) {
      const answer = await ask({
        method: 'PUT',
        path: `/v1/agent/check/update/${encodeURIComponent(id)}`,
        body: { Status: status, Output: output },
        what: `update a check of the service ${service}`,
        needs: `service:write on "${service}"`,
        accept: 404,
        schema: DONE,
      })
      return answer === true
    },
    async writeKeys(stack, values) {
      const body = [...values].map(([key, value]) => ({
        KV:
          value === undefined
            ? { Verb: 'delete', Key: key }
            : { Verb: 'set', Key: key, Value: Buffer.from(value).toString('base64') },
      }))
      if (body.length === 0) return
      await ask({
        method: 'PUT',
        path: '/v1/txn',
        body,
        what: `write below ${keyPrefix(stack)}`,
        needs: `key:write on "${keyPrefix(stack)}"`,
      })
    },
    async listKeys(prefix) {
      const keys = await ask({
        path: `/v1/kv/${prefix}`,
        params: { keys: 'true' },
        what: `list the keys below ${prefix}`,
        needs: `key:read on "${prefix}"`,
        accept: 404,
        schema: z.array(z.string()),
      })
      return keys ?? []
    },
  }
}

/** An answer whose text does not matter. */
const DONE = z.unknown().transform(() => true as const)

/** Those whose ID is Drover's too: a copy of the mark alone makes nothing Drover's. */
function presentServices(
  stack: string,
  services: z.infer<typeof servicesSchema>,
  checks: readonly z.infer<typeof checksSchema>[string][],
): PresentService[] {
  const byService = new Map<string, PresentService['checks'][number][]>()
  for (const { CheckID, ServiceID, Status, Output } of checks) {
    const list = byService.get(ServiceID) ?? []
    list.push({ id: CheckID, status: Status, output: Output })
    byService.set(ServiceID, list)
  }
  return Object.values(services)
    .filter(({ ID, Meta }) => ID.startsWith(idPrefix(stack)) && Meta?.[MARK.stack] === stack)
    .map(({ ID, Service, Tags, Meta, Address, Port }) => ({
      id: ID,
      name: Service,
      address: Address,
      port: Port,
      tags: Tags ?? [],
      meta: Meta ?? {},
      checks: byService.get(ID) ?? [],
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}
