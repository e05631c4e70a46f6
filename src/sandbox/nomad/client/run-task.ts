import { constants } from 'node:os'
import type { SandboxClock } from '../../clock.ts'
import { NomadError } from '../nomad-error.ts'
import type { Allocation, Task, TaskEvent, TaskState } from '../state/types.ts'
import { isoTime } from '../time.ts'
import type { Runner, TaskExit, TaskHandle } from './runner.ts'
import { taskEnv } from './task-env.ts'
import { taskEvent, withEvent } from './task-events.ts'

export interface RunningTask {
  state(): TaskState
  start(): void
  /** Asks it to end, and ends it after its kill timeout. */
  stop(): void
  /** Throws NomadError when it does not run, or the driver does not know the signal. */
  signal(name: string): void
}

export interface TaskOptions {
  readonly allocation: Allocation
  readonly task: Task
  readonly runner: Runner
  readonly clock: SandboxClock
  /** No kill timeout is longer, milliseconds. */
  readonly maxKillTimeoutMs: number
  readonly onChange: () => void
}

const FIRST: TaskState = {
  State: 'pending',
  Failed: false,
  Restarts: 0,
  LastRestart: null,
  StartedAt: null,
  FinishedAt: null,
  Paused: '',
  Events: [],
}

/** One task of an allocation: started, started again as its restart policy says, stopped. */
export function runTask(options: TaskOptions): RunningTask {
  const { allocation, task, runner, clock } = options
  const { Lifecycle } = task
  /** What runs to its end: exit code 0 is no reason to start it again. */
  const isToEnd =
    allocation.Job.Type === 'batch' || (Lifecycle !== null && Lifecycle.Hook !== '' && !Lifecycle.Sidecar)
  const policy = task.RestartPolicy
  let state = FIRST
  let handle: TaskHandle | undefined
  let isStopping = false
  let cancelKill = (): void => {}
  let cancelRestart = (): void => {}
  let failures: number[] = []

  const update = (change: Partial<TaskState>, event: TaskEvent): void => {
    state = { ...state, ...change, Events: withEvent(state.Events, event) }
    options.onChange()
  }

  function start(): void {
    if (state.Events.length === 0) update({}, taskEvent('Received', clock.now(), 'Task received by client'))
    handle = runner.start({ allocation, task, env: taskEnv(allocation, task), started, exited })
  }

  function started(): void {
    if (handle === undefined) return
    const now = clock.now()
    const StartedAt = isoTime(now)
    update({ State: 'running', StartedAt }, taskEvent('Started', now, 'Task started by client'))
  }

  function exited({ code, signal, failure }: TaskExit): void {
    handle = undefined
    cancelKill()
    const now = clock.now()
    const words = failure ?? `Exit Code: ${code}${signal > 0 ? `, Signal: ${signal}` : ''}`
    const type = failure === undefined ? 'Terminated' : 'Driver Failure'
    const ended = taskEvent(type, now, words, { ExitCode: code, Signal: signal })
    if (isStopping) {
      update({ State: 'dead', FinishedAt: isoTime(now) }, ended)
    } else if (isToEnd && code === 0 && failure === undefined) {
      update({ State: 'dead', FinishedAt: isoTime(now) }, ended)
    } else {
      update({ State: 'pending' }, ended)
      restart(now)
    }
  }

  /** A service is started again whatever its exit code, a batch task after a failure. */
  function restart(now: number): void {
    failures = failures.filter((at) => at > now - policy.Interval / 1e6)
    let waitMs = policy.Delay / 1e6
    if (failures.length >= policy.Attempts) {
      if (policy.Mode !== 'delay') {
        const words = 'Exceeded allowed attempts, not restarting'
        update({ State: 'dead', Failed: true, FinishedAt: isoTime(now) }, notRestarting(now, words))
        return
      }
      // All attempts are used up: it waits until the first of them has left the interval.
      waitMs = Math.max(waitMs, (failures[0] ?? now) + policy.Interval / 1e6 - now)
    }
    failures.push(now)
    update(
      {},
      taskEvent('Restarting', now, `Task restarting in ${waitMs / 1000}s`, { StartDelay: waitMs * 1e6 }),
    )
    cancelRestart = clock.after(waitMs, () => {
      state = { ...state, Restarts: state.Restarts + 1, LastRestart: isoTime(clock.now()) }
      start()
    })
  }

  function stop(): void {
    if (isStopping || state.State === 'dead') return
    isStopping = true
    cancelRestart()
    const now = clock.now()
    if (handle === undefined) {
      update(
        { State: 'dead', FinishedAt: isoTime(now) },
        taskEvent('Killed', now, 'Task successfully killed'),
      )
      return
    }
    const timeoutMs = Math.min(task.KillTimeout / 1e6, options.maxKillTimeoutMs)
    const name = task.KillSignal || 'SIGINT'
    update(
      {},
      taskEvent('Killing', now, `Sent interrupt. Waiting ${timeoutMs / 1000}s before force killing`, {
        KillTimeout: timeoutMs * 1e6,
      }),
    )
    handle.signal(name)
    cancelKill = clock.after(timeoutMs, () => handle?.kill())
  }

  function signal(name: string): void {
    if (state.State !== 'running' || handle === undefined) throw new NomadError(500, 'Task not running')
    const isKnown = Object.hasOwn(constants.signals, name)
    if (!isKnown && task.Driver === 'docker')
      throw new NomadError(500, `Failed to signal task: ${task.Name}, err: invalid signal "${name}"`)
    update({}, taskEvent('Signaling', clock.now(), 'Task being sent a signal', { TaskSignal: name }))
    // raw_exec takes any name: one that it does not know is an interrupt, which ends most programs.
    handle.signal(isKnown ? name : 'SIGINT')
  }

  return { state: () => state, start, stop, signal }
}

function notRestarting(now: number, words: string): TaskEvent {
  return taskEvent('Not Restarting', now, words, { FailsTask: true, RestartReason: words })
}
