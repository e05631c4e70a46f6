import { importChecks } from './checks.ts'
import { importCommands } from './commands.ts'
import { importContainer, importTexts } from './container.ts'
import type { JobContext } from './context.ts'
import { importDependencies } from './dependencies.ts'
import { importDeploy } from './deploy.ts'
import { importFileObjects } from './file-objects.ts'
import { importImage } from './images.ts'
import { importLifecycle } from './lifecycle.ts'
import { importLogging } from './logging.ts'
import { importMounts } from './mounts.ts'
import { networksOf, ownNetworks } from './networks.ts'
import { importPorts } from './published-ports.ts'
import { importResources } from './resources.ts'
import { present, type StackMap, type StackValue } from './tree.ts'
import { importWorker, withAllocationName } from './workers.ts'

export interface BuildOptions {
  /** Variables, already imported, without those that are shared. */
  readonly env: StackMap
  /** Names of the shared blocks. */
  readonly envFrom: readonly string[]
  readonly logs: StackMap | undefined
  /** A file or a variable of the job speaks of it by this name. */
  readonly ownName?: string
}

/** One job in the words of the stack, its keys in the order in which people read them. */
export function buildJob(job: JobContext, { env, envFrom, logs, ownName }: BuildOptions): StackMap {
  const { plan } = job
  const { task, config } = importContainer(job)
  const { checks, env: checkEnv } = importChecks(job)
  const mounts = importMounts(job)
  const logging = importLogging(job, logs)
  const { resources, ...deploy } = { resources: importResources(job), ...importDeploy(job) }
  const isWorker = plan.section === 'workers'
  const commands = plan.celery ? {} : importCommands(job)
  tellNames(job)
  const keys = {
    description: description(job),
    profiles: importProfiles(job),
    image: importImage(job),
    entrypoint: commands.entrypoint,
    command: withAllocationName(job, commands.command),
    user: task.user,
    work_dir: task.work_dir,
    hostname: task.hostname ?? ownName,
    ...(isWorker ? importWorker(job) : {}),
    count: isWorker ? undefined : importCount(job),
    networks: undefined as StackValue | undefined,
    depends_on: importDependencies(job),
    ports: importPorts(job),
    env_from: envFrom,
    env: { ...env, ...checkEnv },
    files: { ...mounts.files, ...importFileObjects(job) },
    checks,
    volumes: mounts.volumes,
    read_only: task.read_only,
    tmpfs: mounts.tmpfs,
    security_opt: task.security_opt,
    cap_add: task.cap_add,
    cap_drop: task.cap_drop,
    ulimits: task.ulimits,
    ...importLifecycle(job),
    ...deploy,
    resources,
    logs: logging.logs,
    labels: importTexts(job, plan.service.labels, 'labels'),
    config: { ...config, ...logging.config },
  }
  // Without networks a job has none; without the key it has the default one.
  return present(
    { ...keys, networks: importNetworkNames(job, JSON.stringify(keys).includes('"service":')) },
    ['networks'],
  )
}

/** What the author says about the service, in one line. */
function description({ plan }: JobContext): string | undefined {
  const text = plan.service.comment?.split('\n')[0]?.replace(/^[\s#=-]+|[\s#=-]+$/g, '')
  return text === undefined || text === '' ? undefined : text.slice(0, 200)
}

function importProfiles({ account, plan }: JobContext): string[] {
  return plan.service.profiles.map(({ value, key }) => {
    account.mapped(key, 'profiles')
    return value
  })
}

function importCount({ account, plan }: JobContext): number | undefined {
  const { count } = plan.service
  if (!count) return undefined
  if (plan.section === 'services') {
    account.mapped(count.key, 'count')
    return count.value === 1 ? undefined : count.value
  }
  account.dropped(
    count.key,
    plan.section === 'system' ? 'a system job runs once on every node' : 'a batch job runs once',
  )
  return undefined
}

/**
 * Undefined for the network that everybody is on.
 * @param dials whether the job looks up others, for which it needs a network
 */
function importNetworkNames(job: JobContext, dials: boolean): StackValue | undefined {
  const { account, model, networkNames, plan } = job
  const { networks, networkMode } = plan.service
  const own = ownNetworks(plan.service)
  const names = dials ? networksOf(model, plan.service) : own
  if (networkMode) {
    const mode = networkMode.value.join('')
    if (mode === 'none') account.mapped(networkMode.key, 'networks')
    else
      account.dropped(
        networkMode.key,
        `"${mode}": each job has a network of its own, with the ports that it lists`,
      )
  }
  if (own.length === 0 && names.length > 0)
    account.approximated(
      'networks',
      'networks',
      'it looks up others, on the networks of the jobs that it runs in',
    )
  for (const [name, { value, key }] of Object.entries(networks ?? {})) {
    const to = `networks (${networkNames.get(name) ?? name})`
    account.mapped(key, to)
    if (value.aliases.length > 0) account.mapped(key, to, 'its aliases are looked up under its own name')
    if (value.ipv4Address ?? value.ipv6Address)
      account.approximated(key, to, 'without the fixed address: others look it up')
  }
  account.mapped('networks', 'networks')
  if (names.length === 1 && names[0] === 'default') return undefined
  return names.map((name) => networkNames.get(name) ?? name)
}

/** Keys that only name the container or link it to others. */
function tellNames({ account, plan }: JobContext): void {
  const { containerName, links } = plan.service
  if (containerName)
    account.dropped(
      containerName.key,
      'Nomad names containers TASK-ALLOCATION: use nomad alloc exec instead of docker exec',
    )
  for (const { key } of links) account.dropped(key, 'addresses come from Consul')
}
