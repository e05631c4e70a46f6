import type { ConsulClient } from '../../../consul/client.ts'
import { each } from '../../../consul/each.ts'
import type { CheckFacts, ConsulReading, ServiceFacts } from '../../core/health/reading.ts'
import { serviceName } from '../../core/plan/names.ts'
import type { Stack } from '../../core/stack/stack.ts'
import { z } from '../../core/zod.ts'

const AT_ONCE = 8
const NEEDS = 'service:read and node:read'

/**
 * Reads the services of a stack and their checks: two lists of checks, one list of services for each node that runs any,
 * and one for each service that has no check to be found by. Throws DroverError: UNAVAILABLE, REJECTED.
 */
export async function readConsul(client: ConsulClient, stack: Stack): Promise<ConsulReading> {
  const [listed, fresh] = await Promise.all([
    readChecks(client, stack.name),
    freshOutputs(client, stack.name),
  ])
  const checks = listed.map((check) => ({ ...check, Output: fresh.get(keyOf(check)) ?? check.Output }))
  const nodes = new Set(checks.flatMap(({ Node, ServiceID }) => (ServiceID === '' ? [] : [Node])))
  await each(uncheckedServices(stack), AT_ONCE, async (name) => {
    for (const node of await nodesOf(client, name)) nodes.add(node)
  })
  const services: ServiceFacts[] = []
  await each([...nodes].sort(), AT_ONCE, async (node) => {
    const found = await servicesOn(client, node, stack.name)
    const ofNode = checks.filter(({ Node }) => Node === node)
    services.push(...found.map((one) => serviceFacts(node, one, ofNode)))
  })
  return { services: services.sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id)) }
}

/** Of the stack's services, and of the nodes themselves: their checks have no service. */
async function readChecks(client: ConsulClient, stack: string): Promise<Check[]> {
  const checks = await client.ask({
    path: '/v1/health/state/any',
    params: { filter: `ServiceTags contains ${JSON.stringify(stack)} or ServiceName == ""` },
    what: 'read the checks',
    needs: NEEDS,
    schema: z.array(checkSchema),
  })
  return checks ?? []
}

/**
 * What the checks of the agent that is asked say now, and with which status. Of a check whose status stays the same the
 * servers are told for minutes what it said at first.
 */
async function freshOutputs(client: ConsulClient, stack: string): Promise<ReadonlyMap<string, string>> {
  const checks = await client.ask({
    path: '/v1/agent/checks',
    params: { filter: `ServiceTags contains ${JSON.stringify(stack)}` },
    what: "read the agent's checks",
    needs: NEEDS,
    schema: z.record(z.string(), checkSchema),
  })
  return new Map(Object.values(checks ?? {}).map((check) => [keyOf(check), check.Output]))
}

/** Only of the same status: the two are not asked in the same moment. */
function keyOf({ Node, CheckID, ServiceID, Status }: Check): string {
  return JSON.stringify([Node, CheckID, ServiceID, Status])
}

function uncheckedServices({ jobs }: Stack): string[] {
  return jobs.flatMap((job) =>
    job.ports
      .filter(({ name }) => !job.checks.some(({ port }) => (port ?? job.ports[0]?.name) === name))
      .map(({ name }) => serviceName(job, name)),
  )
}

async function nodesOf(client: ConsulClient, service: string): Promise<string[]> {
  const found = await client.ask({
    path: `/v1/catalog/service/${encodeURIComponent(service)}`,
    what: `find the service ${service}`,
    needs: NEEDS,
    schema: z.array(z.object({ Node: z.string() })),
  })
  return (found ?? []).map(({ Node }) => Node)
}

async function servicesOn(client: ConsulClient, node: string, stack: string): Promise<Service[]> {
  const answer = await client.ask({
    path: `/v1/catalog/node-services/${encodeURIComponent(node)}`,
    params: { filter: `Meta.stack == ${JSON.stringify(stack)}` },
    what: `read the services of the node ${node}`,
    needs: NEEDS,
    schema: nodeServicesSchema,
  })
  const address = answer?.Node?.Address ?? ''
  return (answer?.Services ?? []).map((one) => ({ ...one, Address: one.Address || address }))
}

function serviceFacts(node: string, service: Service, ofNode: readonly Check[]): ServiceFacts {
  const { ID, Service: name, Kind, Meta, Address, Port } = service
  const own = ofNode.filter(({ ServiceID }) => ServiceID === ID)
  const bad = ofNode.filter(({ ServiceID, Status }) => ServiceID === '' && Status !== 'passing')
  const { job, kind } = Meta ?? {}
  return {
    id: ID,
    node,
    name,
    ...(job === undefined ? {} : { job }),
    ...(kind === undefined ? {} : { kind }),
    isProxy: Kind === 'connect-proxy',
    ...(Port === 0 ? {} : { endpoint: `${Address.includes(':') ? `[${Address}]` : Address}:${Port}` }),
    checks: [...own, ...bad].map(
      (check): CheckFacts => ({
        id: check.CheckID,
        name: check.Name,
        status: check.Status,
        output: check.Output,
      }),
    ),
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

const checkSchema = z.object({
  Node: z.string(),
  CheckID: z.string(),
  Name: z.string(),
  Status: z.enum(['passing', 'warning', 'critical']),
  Output: z.string(),
  ServiceID: z.string(),
  ServiceName: z.string(),
})
type Check = z.infer<typeof checkSchema>

const serviceSchema = z.object({
  ID: z.string(),
  Service: z.string(),
  Kind: z.string().nullish(),
  Meta: z.record(z.string(), z.string()).nullish(),
  Address: z.string(),
  Port: z.number().default(0),
})
type Service = z.infer<typeof serviceSchema>

const nodeServicesSchema = z
  .object({
    Node: z.object({ Address: z.string() }).nullish(),
    Services: z.array(serviceSchema).nullish(),
  })
  .nullish()
