import { randomUUID } from 'node:crypto'
import { NomadError } from '../nomad-error.ts'
import type { Job, ScalingBlock, Task, TaskGroup } from './types.ts'

type Json = Readonly<Record<string, unknown>>

const SECOND = 1e9
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/**
 * A job as it was sent with Nomad's defaults filled in. Indexes, version and status are left at their first values:
 * the store gives them. Throws 400 for what is not a job at all.
 */
export function canonicalJob(sent: unknown, namespace: string): Job {
  if (!isObject(sent)) throw new NomadError(400, 'Job must be specified')
  if (typeof sent.ID !== 'string' || sent.ID === '') throw new NomadError(400, "Job ID hasn't been provided")
  const type = text(sent.Type, 'service')
  const own = isObject(sent.Update) ? sent.Update : undefined
  const job: Job = {
    ...JOB_DEFAULTS,
    ...defined(sent),
    ID: sent.ID,
    Name: text(sent.Name, sent.ID),
    Namespace: text(sent.Namespace, namespace),
    Type: type,
    Priority: number(sent.Priority, 50),
    Meta: (sent.Meta ?? null) as Job['Meta'],
    Stop: false,
    Status: 'pending',
    Stable: false,
    Version: 0,
    VersionTag: null,
    CreateIndex: 0,
    ModifyIndex: 0,
    JobModifyIndex: 0,
    SubmitTime: 0,
    TaskGroups: [],
    Update: jobUpdate(type, own),
  }
  const groups = list(sent.TaskGroups).map((group) => canonicalGroup(group, job, own))
  return { ...job, TaskGroups: groups }
}

const JOB_DEFAULTS = {
  Affinities: null,
  AllAtOnce: false,
  Constraints: null,
  ConsulNamespace: '',
  Datacenters: ['*'],
  DispatchIdempotencyToken: '',
  Dispatched: false,
  Multiregion: null,
  NodePool: 'default',
  NomadTokenID: '',
  ParameterizedJob: null,
  ParentID: '',
  Payload: null,
  Periodic: null,
  Region: 'global',
  Spreads: null,
  StatusDescription: '',
  UI: null,
  VaultNamespace: '',
}

const UPDATE_DEFAULTS = {
  AutoPromote: false,
  AutoRevert: false,
  Canary: 0,
  HealthCheck: 'checks',
  HealthyDeadline: 5 * MINUTE,
  MaxParallel: 1,
  MinHealthyTime: 10 * SECOND,
  ProgressDeadline: 10 * MINUTE,
  Stagger: 30 * SECOND,
}

const NO_UPDATE = {
  AutoPromote: false,
  AutoRevert: false,
  Canary: 0,
  HealthCheck: '',
  HealthyDeadline: 0,
  MaxParallel: 0,
  MinHealthyTime: 0,
  ProgressDeadline: 0,
  Stagger: 0,
}

function jobUpdate(type: string, own: Json | undefined): Json {
  if (type !== 'service') return NO_UPDATE
  const { MaxParallel, Stagger } = { ...UPDATE_DEFAULTS, ...defined(own ?? {}) }
  return { ...NO_UPDATE, MaxParallel, Stagger }
}

function canonicalGroup(sent: unknown, job: Job, jobsUpdate: Json | undefined): TaskGroup {
  const group = isObject(sent) ? sent : {}
  const name = text(group.Name, '')
  const isBatch = job.Type === 'batch' || job.Type === 'sysbatch'
  const scaling = isObject(group.Scaling) ? canonicalScaling(group.Scaling, job, name) : null
  const restart = { ...(isBatch ? BATCH_RESTART : SERVICE_RESTART), ...policy(group.RestartPolicy) }
  return {
    ...GROUP_DEFAULTS,
    ...defined(group),
    Name: name,
    Count: number(group.Count, scaling === null ? 1 : scaling.Min),
    Scaling: scaling,
    Update: canonicalUpdate(group.Update, jobsUpdate, job.Type),
    Migrate: job.Type === 'service' ? { ...MIGRATE_DEFAULTS, ...policy(group.Migrate) } : null,
    RestartPolicy: restart,
    ReschedulePolicy: {
      ...(isBatch ? BATCH_RESCHEDULE : SERVICE_RESCHEDULE),
      ...policy(group.ReschedulePolicy),
    },
    ShutdownDelay: (group.ShutdownDelay ?? null) as number | null,
    Meta: (group.Meta ?? null) as TaskGroup['Meta'],
    Tasks: list(group.Tasks).map((task) => canonicalTask(task, restart)),
  }
}

const GROUP_DEFAULTS = {
  Affinities: null,
  Constraints: null,
  Consul: null,
  Disconnect: null,
  EphemeralDisk: { Migrate: false, SizeMB: 300, Sticky: false },
  MaxClientDisconnect: null,
  MaxRunDuration: null,
  Networks: null,
  PreventRescheduleOnLost: false,
  Services: null,
  Spreads: null,
  StopAfterClientDisconnect: null,
  Volumes: null,
}

const MIGRATE_DEFAULTS = {
  HealthCheck: 'checks',
  HealthyDeadline: 5 * MINUTE,
  MaxParallel: 1,
  MinHealthyTime: 10 * SECOND,
}
const NO_TEMPLATES = { RenderTemplates: false }
const SERVICE_RESTART = {
  Attempts: 2,
  Delay: 15 * SECOND,
  Interval: 30 * MINUTE,
  Mode: 'fail',
  ...NO_TEMPLATES,
}
const BATCH_RESTART = { Attempts: 3, Delay: 15 * SECOND, Interval: 24 * HOUR, Mode: 'fail', ...NO_TEMPLATES }
const SERVICE_RESCHEDULE = {
  Attempts: 0,
  Delay: 30 * SECOND,
  DelayFunction: 'exponential',
  Interval: 0,
  MaxDelay: HOUR,
  Unlimited: true,
}
const BATCH_RESCHEDULE = {
  Attempts: 1,
  Delay: 5 * SECOND,
  DelayFunction: 'constant',
  Interval: 24 * HOUR,
  MaxDelay: 0,
  Unlimited: false,
}

function canonicalUpdate(sent: unknown, jobs: Json | undefined, type: string): TaskGroup['Update'] {
  // Of a batch job it is kept as it was sent, for the check to refuse.
  if (type !== 'service') return isObject(sent) ? { ...NO_UPDATE, ...defined(sent) } : null
  return { ...UPDATE_DEFAULTS, ...defined(jobs ?? {}), ...policy(sent) } as TaskGroup['Update']
}

function canonicalScaling(sent: Json, job: Job, group: string): ScalingBlock {
  return {
    ID: randomUUID(),
    Type: text(sent.Type, 'horizontal') || 'horizontal',
    Enabled: sent.Enabled !== false,
    Min: number(sent.Min, 0),
    Max: number(sent.Max, 0),
    Policy: sent.Policy ?? null,
    Target: { Namespace: job.Namespace, Job: job.ID, Group: group },
    CreateIndex: 0,
    ModifyIndex: 0,
  }
}

function canonicalTask(sent: unknown, restart: TaskGroup['RestartPolicy']): Task {
  const task = isObject(sent) ? sent : {}
  const lifecycle = isObject(task.Lifecycle)
    ? { Hook: text(task.Lifecycle.Hook, ''), Sidecar: task.Lifecycle.Sidecar === true }
    : null
  return {
    ...TASK_DEFAULTS,
    ...defined(task),
    Name: text(task.Name, ''),
    Driver: text(task.Driver, ''),
    Config: (task.Config ?? null) as Task['Config'],
    Env: (task.Env ?? null) as Task['Env'],
    Meta: (task.Meta ?? null) as Task['Meta'],
    KillSignal: text(task.KillSignal, ''),
    KillTimeout: number(task.KillTimeout, 5 * SECOND),
    Lifecycle: lifecycle,
    RestartPolicy: { ...restart, ...policy(task.RestartPolicy) },
    Resources: { ...RESOURCES, ...policy(task.Resources) },
  }
}

const TASK_DEFAULTS = {
  Actions: null,
  Affinities: null,
  Artifacts: null,
  Constraints: null,
  Kind: '',
  Leader: false,
  LogConfig: { Disabled: false, MaxFileSizeMB: 10, MaxFiles: 10 },
  Services: null,
  ShutdownDelay: 0,
  Templates: null,
  User: '',
  Vault: null,
  VolumeMounts: null,
}
const RESOURCES = {
  CPU: 100,
  Cores: 0,
  DiskMB: 0,
  MemoryMB: 300,
  MemoryMaxMB: 0,
  Networks: null,
  SecretsMB: 0,
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function policy(value: unknown): Json {
  return isObject(value) ? defined(value) : {}
}

/** Without what is null or absent: that stands for the default. */
function defined(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined && one !== null))
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function text(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}
