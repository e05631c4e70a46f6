import { compact } from '../compact.ts'
import type { Issue } from '../issue.ts'
import { parseDurationMs, sizeToMb } from '../units.ts'
import { normalizeBroker } from './normalize-broker.ts'
import { normalizeExternal } from './normalize-external.ts'
import { normalizeJob, type WrittenJob } from './normalize-job.ts'
import { normalizeScaling } from './normalize-scaling.ts'
import type { WrittenStack } from './schema/stack.ts'
import { SECTIONS, type Section } from './sections.ts'
import { taskSources } from './sources.ts'
import type { Cluster, Job, Stack, Volume } from './stack.ts'

/** The secret's path that every job of a namespace may read by its own identity, without an ACL policy. */
const SHARED_VARIABLE = 'nomad/jobs'

/**
 * The stack with every default filled in, once and here.
 * @param sources text of each file that a `source:` names, by that name
 */
export function normalize(
  written: WrittenStack,
  sources: ReadonlyMap<string, string>,
): { stack: Stack; issues: Issue[] } {
  const issues: Issue[] = []
  const cluster = normalizeCluster(written)
  const shared = JSON.stringify([written.cluster, written.environments, written.logs, written.broker])
  const stack: Stack = compact({
    name: written.name,
    cluster,
    secrets: mapValues(written.secrets ?? {}, (secret, name) =>
      compact({
        path: secret?.path ?? SHARED_VARIABLE,
        key: secret?.key ?? name,
        description: secret?.description,
      }),
    ),
    networks: mapValues(written.networks ?? {}, (network) =>
      compact({ internal: network?.internal ?? false, description: network?.description }),
    ),
    volumes: mapValues(written.volumes ?? {}, (volume, name) => normalizeVolume(volume, name, written.name)),
    broker: written.broker && normalizeBroker(written.broker),
    scaling: normalizeScaling(written.scaling),
    routes: written.routes ?? {},
    external: Object.entries(written.external ?? {}).map(([name, one]) => normalizeExternal(name, one)),
    jobs: (Object.keys(SECTIONS) as Section[]).flatMap((section) =>
      Object.entries(written[section] ?? {}).map(([name, job]) => {
        const known = normalizeOnce({ written, sources, shared, cluster }, section, name, job)
        issues.push(...known.issues)
        return known.job
      }),
    ),
    silence: written.silence ?? {},
  })
  return { stack, issues }
}

interface Around {
  readonly written: WrittenStack
  readonly sources: ReadonlyMap<string, string>
  /** Everything outside a job that its normal form depends on, but for the texts of its files. */
  readonly shared: string
  readonly cluster: Cluster
}

interface Normalized {
  /** What it depends on besides the job as written, to be compared one by one. */
  readonly key: readonly unknown[]
  readonly job: Job
  readonly issues: readonly Issue[]
}

const normalized = new WeakMap<object, Normalized>()

/** A job's normal form; the same object as before while it and what it depends on are the same. */
function normalizeOnce(
  { written, sources, shared, cluster }: Around,
  section: Section,
  name: string,
  job: WrittenJob,
): Normalized {
  const texts = [...taskSources(job)].map((source) => sources.get(source))
  const key = [section, name, shared, ...texts]
  const known = normalized.get(job)
  if (known?.key.every((part, index) => part === key[index])) return known
  const issues: Issue[] = []
  const fresh = { key, job: normalizeJob({ written, sources, issues }, cluster, section, name, job), issues }
  normalized.set(job, fresh)
  return fresh
}

function normalizeCluster({ cluster = {} }: WrittenStack): Cluster {
  return compact({
    region: cluster.region,
    namespace: cluster.namespace ?? 'default',
    datacenters: cluster.datacenters ?? ['*'],
    nodePool: cluster.node_pool,
    nodes: cluster.nodes ?? 'many',
    cpuMhzPerCore: cluster.cpu_mhz_per_core ?? 2500,
    memoryOversubscription: cluster.memory_oversubscription ?? false,
    maxKillTimeoutMs: parseDurationMs(cluster.max_kill_timeout ?? '30s'),
    hostNetworks: cluster.host_networks ?? [],
    isolation: cluster.isolation ?? 'none',
    addresses: cluster.addresses ?? 'host',
    dockerVolumes: cluster.docker_volumes ?? false,
    prices: cluster.prices && {
      currency: cluster.prices.currency ?? 'USD',
      coreHour: cluster.prices.core_hour,
      gbHour: cluster.prices.gb_hour,
    },
  })
}

function normalizeVolume(
  volume: NonNullable<WrittenStack['volumes']>[string],
  name: string,
  stack: string,
): Volume {
  switch (volume.type) {
    case 'host':
      return { type: 'host', source: volume.source ?? name }
    case 'dynamic':
      return compact({
        type: volume.type,
        plugin: volume.plugin ?? 'mkdir',
        capacityMb: volume.capacity === undefined ? undefined : sizeToMb(volume.capacity),
        uid: volume.uid,
        gid: volume.gid,
        mode: volume.mode ?? '0700',
      })
    case 'csi':
      return compact({
        type: volume.type,
        source: volume.source ?? name,
        accessMode: volume.access_mode,
        attachmentMode: volume.attachment_mode ?? 'file-system',
        mountFlags: volume.mount_flags ?? [],
        fsType: volume.fs_type,
      })
    case 'docker':
      return compact({
        type: volume.type,
        source: volume.source ?? `${stack}_${name}`,
        driver: volume.driver,
        options: volume.options ?? {},
      })
  }
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T, key: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]))
}
