export type { Heartbeat, RunningTask, WorkerState } from '../worker-protocol.ts'
export type { IsolatedContext, IsolatedJob, IsolatedProcessor } from './isolated-processor.ts'
export {
  EXIT,
  type Log,
  type LogLevel,
  type Processor,
  type TaskContext,
  type TimeLimit,
  TimeLimitError,
  type WorkerOptions,
} from './options.ts'
export { type RunningWorker, startWorker } from './start-worker.ts'
