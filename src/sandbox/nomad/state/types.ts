/** Nomad's own shapes, in its own names. Values are never changed in place: a change is a new value. */
export interface Job {
  readonly ID: string
  readonly Name: string
  readonly Namespace: string
  readonly Type: string
  readonly Priority: number
  readonly Meta: Readonly<Record<string, string>> | null
  readonly Stop: boolean
  readonly Status: 'pending' | 'running' | 'dead'
  readonly Stable: boolean
  readonly Version: number
  readonly VersionTag: VersionTag | null
  readonly CreateIndex: number
  /** Moves with the job's status and tags too. */
  readonly ModifyIndex: number
  /** Moves with its specification: what compare-and-set compares. */
  readonly JobModifyIndex: number
  readonly SubmitTime: number
  readonly TaskGroups: readonly TaskGroup[]
  readonly [other: string]: unknown
}

export interface TaskGroup {
  readonly Name: string
  readonly Count: number
  readonly Scaling: ScalingBlock | null
  readonly Update: UpdateBlock | null
  readonly RestartPolicy: RestartPolicy
  readonly ReschedulePolicy: ReschedulePolicy
  readonly ShutdownDelay: number | null
  readonly Meta: Readonly<Record<string, string>> | null
  readonly Tasks: readonly Task[]
  readonly [other: string]: unknown
}

export interface Task {
  readonly Name: string
  readonly Driver: string
  readonly Config: Readonly<Record<string, unknown>> | null
  readonly Env: Readonly<Record<string, string>> | null
  readonly Meta: Readonly<Record<string, string>> | null
  readonly KillSignal: string
  /** Nanoseconds, like all durations of Nomad's. */
  readonly KillTimeout: number
  readonly Lifecycle: { readonly Hook: string; readonly Sidecar: boolean } | null
  readonly RestartPolicy: RestartPolicy
  readonly Resources: Readonly<Record<string, unknown>>
  readonly [other: string]: unknown
}

export interface ScalingBlock {
  readonly ID: string
  readonly Type: string
  readonly Enabled: boolean
  readonly Min: number
  readonly Max: number
  readonly Policy: unknown
  readonly Target: Readonly<Record<string, string>>
  readonly CreateIndex: number
  readonly ModifyIndex: number
}

export interface UpdateBlock {
  readonly MaxParallel: number
  readonly MinHealthyTime: number
  readonly HealthyDeadline: number
  readonly ProgressDeadline: number
  readonly [other: string]: unknown
}

export interface RestartPolicy {
  readonly Attempts: number
  readonly Interval: number
  readonly Delay: number
  readonly Mode: string
}

export interface ReschedulePolicy {
  readonly Attempts: number
  readonly Interval: number
  readonly Delay: number
  readonly DelayFunction: string
  readonly MaxDelay: number
  readonly Unlimited: boolean
}

export interface VersionTag {
  readonly Name: string
  readonly Description: string
  readonly TaggedTime: number
}

export interface Allocation {
  readonly ID: string
  readonly Name: string
  readonly Namespace: string
  readonly EvalID: string
  readonly NodeID: string
  readonly NodeName: string
  readonly JobID: string
  /** The version that it runs. */
  readonly Job: Job
  readonly TaskGroup: string
  readonly DesiredStatus: 'run' | 'stop'
  readonly DesiredDescription: string
  readonly DesiredTransition: { readonly Migrate?: boolean }
  readonly ClientStatus: 'pending' | 'running' | 'complete' | 'failed' | 'lost'
  readonly ClientDescription: string
  readonly DeploymentID: string
  readonly DeploymentStatus: DeploymentStatus | null
  readonly PreviousAllocation: string
  readonly NextAllocation: string
  readonly FollowupEvalID: string
  readonly TaskStates: Readonly<Record<string, TaskState>> | null
  readonly CreateIndex: number
  readonly ModifyIndex: number
  readonly AllocModifyIndex: number
  readonly CreateTime: number
  readonly ModifyTime: number
}

export interface DeploymentStatus {
  readonly Healthy: boolean
  readonly Timestamp: string
  readonly Canary: boolean
  readonly ModifyIndex: number
}

export interface TaskState {
  readonly State: 'pending' | 'running' | 'dead'
  readonly Failed: boolean
  readonly Restarts: number
  readonly LastRestart: string | null
  readonly StartedAt: string | null
  readonly FinishedAt: string | null
  readonly Paused: string
  readonly Events: readonly TaskEvent[]
}

export interface TaskEvent {
  readonly Type: string
  /** Nanoseconds since 1970. */
  readonly Time: number
  readonly DisplayMessage: string
  readonly ExitCode: number
  readonly Signal: number
  readonly [other: string]: unknown
}

export interface Evaluation {
  readonly ID: string
  readonly Namespace: string
  readonly Priority: number
  readonly Type: string
  readonly TriggeredBy: string
  readonly JobID: string
  readonly JobModifyIndex: number
  readonly DeploymentID?: string
  readonly Status: 'pending' | 'complete'
  readonly WaitUntil?: string
  readonly PlanAnnotations?: unknown
  readonly QueuedAllocations?: Readonly<Record<string, number>>
  readonly CreateIndex: number
  readonly ModifyIndex: number
  readonly CreateTime: number
  readonly ModifyTime: number
}

export interface Deployment {
  readonly ID: string
  readonly Namespace: string
  readonly JobID: string
  readonly JobVersion: number
  readonly JobModifyIndex: number
  readonly JobSpecModifyIndex: number
  readonly JobCreateIndex: number
  readonly IsMultiregion: boolean
  readonly TaskGroups: Readonly<Record<string, DeploymentGroup>>
  readonly Status: 'running' | 'successful' | 'failed' | 'cancelled'
  readonly StatusDescription: string
  readonly EvalPriority: number
  readonly CreateIndex: number
  readonly ModifyIndex: number
  readonly CreateTime: number
  readonly ModifyTime: number
}

export interface DeploymentGroup {
  readonly DesiredTotal: number
  readonly PlacedAllocs: number
  readonly HealthyAllocs: number
  readonly UnhealthyAllocs: number
  readonly ProgressDeadline: number
  readonly RequireProgressBy: string
  readonly [other: string]: unknown
}

export interface ScalingEvent {
  readonly Time: number
  readonly Count: number | null
  readonly PreviousCount: number
  readonly Message: string
  readonly Meta: unknown
  readonly Error: boolean
  readonly EvalID: string | null
  readonly CreateIndex: number
}
