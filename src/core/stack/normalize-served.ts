import { compact } from '../compact.ts'
import type { DocumentPath } from '../issue.ts'
import { MAX_DURATION_MS, parseDurationMs, toNomadDuration } from '../units.ts'
import type { z } from '../zod.ts'
import { type NormalizeContext, normalizeCommand } from './normalize-task.ts'
import type { checkSchema, portSchema, updateSchema } from './schema/job.ts'
import type { Check, CheckTiming, Port, Update } from './stack.ts'

type WrittenCheck = z.infer<typeof checkSchema>

/** `127.0.0.1:6382` and `loopback:6382` are the same: Nomad binds to an address by a client's host_network. */
export function normalizePorts(ports: Readonly<Record<string, z.infer<typeof portSchema>>>): Port[] {
  return Object.entries(ports).map(([name, port]) => {
    if (typeof port === 'number') return { name, container: port }
    if (port.publish === undefined) return { name, container: port.container }
    const [number, address] = String(port.publish).split(':').reverse()
    const hostNetwork =
      address === undefined || address === '0.0.0.0'
        ? undefined
        : address.startsWith('127.')
          ? 'loopback'
          : address
    return { name, container: port.container, publish: compact({ port: toPort(number), hostNetwork }) }
  })
}

/** Throws RangeError for what is no port. */
function toPort(text: string | undefined): number {
  const port = Number(text)
  if (!(port >= 1 && port <= 65535)) throw new RangeError(`${text} must be a port from 1 to 65535`)
  return port
}

export function normalizeChecks(
  context: NormalizeContext,
  checks: readonly WrittenCheck[],
  job: DocumentPath,
  onUnhealthy: CheckTiming['onUnhealthy'],
): Check[] {
  return checks.map((check, index) => {
    const name = check.name ?? (checks.length === 1 ? check.type : `${check.type}-${index + 1}`)
    return normalizeCheck(context, check, { name, path: [...job, 'checks', index], onUnhealthy })
  })
}

function normalizeCheck(
  context: NormalizeContext,
  check: WrittenCheck,
  { name, path, onUnhealthy }: Pick<CheckTiming, 'name' | 'path' | 'onUnhealthy'>,
): Check {
  const timing: CheckTiming = compact({
    name,
    port: check.port,
    interval: toNomadDuration(check.interval ?? '30s'),
    timeout: toNomadDuration(check.timeout ?? '10s'),
    retries: check.retries ?? 3,
    grace: toNomadDuration(check.grace ?? '30s'),
    onUnhealthy: check.on_unhealthy ?? onUnhealthy,
    path,
  })
  switch (check.type) {
    case 'http':
      return compact({
        ...timing,
        type: check.type,
        httpPath: check.path,
        method: check.method,
        protocol: check.protocol,
        headers: check.headers,
      })
    case 'tcp':
      return { ...timing, type: check.type }
    case 'grpc':
      return compact({ ...timing, type: check.type, grpcService: check.grpc_service, tls: check.tls })
    case 'script': {
      const command = normalizeCommand(check.command, [...path, 'command'], context.issues) ?? []
      return { ...timing, type: check.type, command }
    }
  }
}

/**
 * Deadlines that give the checks time to pass: a service is healthy after its grace and as many rounds as
 * may fail. Nomad demands min_healthy_time < healthy_deadline < progress_deadline and kill_timeout <=
 * progress_deadline.
 */
export function normalizeUpdate(
  update: z.infer<typeof updateSchema>,
  checks: readonly Check[],
  killTimeout: string,
): Update {
  const ms = (text: string): number => parseDurationMs(text)
  const slowest = Math.max(
    0,
    ...checks.map((check) => ms(check.grace) + (ms(check.interval) + ms(check.timeout)) * check.retries),
  )
  const least = ms(update.min_healthy_time ?? '10s')
  const healthy =
    update.healthy_deadline === undefined
      ? Math.max(5 * 60_000, slowest + Math.max(60_000, 2 * least))
      : ms(update.healthy_deadline)
  const progress =
    update.progress_deadline === undefined
      ? Math.max(10 * 60_000, 2 * healthy, ms(killTimeout))
      : ms(update.progress_deadline)
  return {
    maxParallel: update.max_parallel ?? 1,
    canary: update.canary ?? 0,
    autoPromote: update.auto_promote ?? false,
    autoRevert: update.auto_revert ?? true,
    minHealthyTime: toNomadDuration(least),
    // Sums of long times may be longer than a duration can be; the rules then tell of the order of the deadlines.
    healthyDeadline: toNomadDuration(Math.min(healthy, MAX_DURATION_MS)),
    progressDeadline: toNomadDuration(Math.min(progress, MAX_DURATION_MS)),
  }
}
