import { isIP } from 'node:net'
import type { SandboxClock } from '../../clock.ts'
import { ConsulError } from '../consul-error.ts'
import type { ConsulStore } from '../state/store.ts'
import type { CheckStatus, ConsulCheck, ConsulService } from '../state/types.ts'
import type { CheckDefinition, ServiceDefinition } from './definition.ts'
import { type FollowedCheck, followCheck } from './follow-check.ts'
import type { RunCheck } from './run-check.ts'

/** Consul's agent on the node: what is registered with it, and how its checks are. It tells the servers. */
export interface ConsulAgent {
  services(): ReadonlyMap<string, ConsulService>
  checks(): ReadonlyMap<string, ConsulCheck>
  register(service: ServiceDefinition, replaceChecks: boolean): void
  /** Throws 404. */
  deregister(id: string): void
  /** Throws 404 and 400. */
  deregisterCheck(id: string): void
  /** Sets the state of a check of type ttl. Throws 404 and 400. */
  update(id: string, status: string, output: string): void
  close(): void
}

/** Consul's own: check_update_interval, check_reap_interval, check_deregister_interval_min. */
const OUTPUT_AFTER_MS = 5 * 60_000
const REAP_EVERY_MS = 30_000
const LEAST_DEREGISTER_MS = 60_000

export function createConsulAgent(store: ConsulStore, clock: SandboxClock, run: RunCheck): ConsulAgent {
  const services = new Map<string, ConsulService>()
  const checks = new Map<string, ConsulCheck>()
  const followed = new Map<string, FollowedCheck>()
  const definitions = new Map<string, CheckDefinition>()
  const criticalSince = new Map<string, number>()
  /** Checks whose output alone has changed: the servers hear of it some minutes later. */
  const untold = new Set<string>()
  let isClosed = false
  const scheduleReap = (): void => void clock.after(REAP_EVERY_MS, reap)
  scheduleReap()

  function set(id: string, status: CheckStatus, output: string): void {
    const check = checks.get(id)
    if (check === undefined || (check.Status === status && check.Output === output)) return
    const isStatus = check.Status !== status
    if (status !== 'critical') criticalSince.delete(id)
    else if (isStatus) criticalSince.set(id, clock.now())
    checks.set(id, { ...check, Status: status, Output: output })
    if (isStatus) tell(id)
    else if (!untold.has(id)) {
      untold.add(id)
      clock.after(OUTPUT_AFTER_MS, () => {
        if (!isClosed && untold.has(id)) tell(id)
      })
    }
  }

  /** Writes a check as the agent has it to the servers. */
  function tell(id: string): void {
    untold.delete(id)
    const check = checks.get(id)
    if (check === undefined) return
    store.write('catalog', (index) => {
      const CreateIndex = store.checks.get(id)?.CreateIndex ?? index
      store.checks.set(id, { ...check, CreateIndex, ModifyIndex: index })
    })
  }

  function addCheck(service: string, definition: CheckDefinition): void {
    const { id, name, notes, kind, interval, timeout } = definition
    const known = checks.get(id)
    const initial = (definition.status ?? 'critical') as CheckStatus
    checks.set(id, {
      CheckID: id,
      Name: name,
      // What is registered again keeps its state.
      Status: known?.Status ?? initial,
      Notes: notes,
      Output: known?.Output ?? '',
      ServiceID: service,
      Type: kind,
      Interval: interval,
      Timeout: timeout,
      CreateIndex: 0,
      ModifyIndex: 0,
    })
    if (known === undefined && initial === 'critical') criticalSince.set(id, clock.now())
    definitions.set(id, definition)
    followed.get(id)?.stop()
    followed.set(
      id,
      followCheck(definition, clock, run, (status, output) => set(id, status, output)),
    )
    tell(id)
  }

  function removeCheck(id: string): void {
    followed.get(id)?.stop()
    for (const map of [followed, checks, definitions, criticalSince]) map.delete(id)
    untold.delete(id)
    store.write('catalog', () => store.checks.delete(id))
  }

  const checksOf = (service: string): string[] =>
    [...checks.values()].filter(({ ServiceID }) => ServiceID === service).map(({ CheckID }) => CheckID)

  function deregister(id: string): void {
    if (!services.has(id))
      throw new ConsulError(
        404,
        `Unknown service ID "${id}". Ensure that the service ID is passed, not the service name.`,
      )
    for (const check of checksOf(id)) removeCheck(check)
    services.delete(id)
    store.write('catalog', () => store.services.delete(id))
  }

  function reap(): void {
    if (isClosed) return
    for (const [id, since] of criticalSince) {
      const after = definitions.get(id)?.deregisterAfterMs ?? 0
      const service = checks.get(id)?.ServiceID ?? ''
      if (after > 0 && clock.now() - since > Math.max(after, LEAST_DEREGISTER_MS) && services.has(service))
        deregister(service)
    }
    scheduleReap()
  }

  function require(id: string): ConsulCheck {
    const check = checks.get(id)
    if (check) return check
    throw new ConsulError(
      404,
      `Unknown check ID "${id}". Ensure that the check ID is passed, not the check name.`,
    )
  }

  return {
    services: () => services,
    checks: () => checks,
    register(definition, replaceChecks) {
      const { id, name, kind, tags, meta, port, address } = definition
      store.write('catalog', (index) => {
        const service: ConsulService = {
          ID: id,
          Service: name,
          ...(kind === undefined ? {} : { Kind: kind }),
          Tags: tags,
          Meta: meta,
          Port: port,
          Address: address,
          ...taggedAddresses(address, port),
          Weights: { Passing: 1, Warning: 1 },
          EnableTagOverride: false,
          CreateIndex: store.services.get(id)?.CreateIndex ?? index,
          ModifyIndex: index,
        }
        services.set(id, service)
        store.services.set(id, service)
      })
      const wanted = new Set(definition.checks.map((check) => check.id))
      if (replaceChecks) for (const check of checksOf(id)) if (!wanted.has(check)) removeCheck(check)
      for (const check of definition.checks) addCheck(id, check)
    },
    deregister,
    deregisterCheck(id) {
      require(id)
      removeCheck(id)
    },
    update(id, status, output) {
      if (!['passing', 'warning', 'critical'].includes(status))
        throw new ConsulError(400, `Bad request: Invalid check status: '${status}'`)
      require(id)
      const one = followed.get(id)
      if (one?.renew === undefined) throw new ConsulError(404, `CheckID "${id}" does not have associated TTL`)
      one.renew(output)
      set(id, status as CheckStatus, output)
    },
    close() {
      isClosed = true
      for (const one of followed.values()) one.stop()
    },
  }
}

function taggedAddresses(Address: string, Port: number): Pick<ConsulService, 'TaggedAddresses'> {
  const version = isIP(Address)
  if (version === 0) return {}
  const one = { Address, Port }
  return { TaggedAddresses: { [`lan_ipv${version}`]: one, [`wan_ipv${version}`]: one } }
}
