/** The job as a processor in a file gets it: plain values, and calls that reach the queue through the worker. */
export interface IsolatedJob<Data = unknown> {
  readonly id: string
  readonly name: string
  readonly queueName: string
  readonly data: Data
  readonly opts: Readonly<Record<string, unknown>>
  readonly attemptsMade: number
  /** When it was added, milliseconds since 1970. */
  readonly timestamp: number
  updateProgress(progress: unknown): void
  log(line: string): void
}

export interface IsolatedContext {
  readonly queue: string
  /** Aborted at the soft time limit; what computes without waiting cannot see it. */
  readonly signal: AbortSignal
}

/** The default export of a processor's file. */
export type IsolatedProcessor<Data = unknown, Result = unknown> = (
  job: IsolatedJob<Data>,
  context: IsolatedContext,
) => Promise<Result> | Result

export type ToChild =
  | { readonly type: 'run'; readonly file: string; readonly job: Omit<IsolatedJob, 'updateProgress' | 'log'> }
  | { readonly type: 'abort'; readonly message: string }

export type FromChild =
  | { readonly type: 'progress'; readonly progress: unknown }
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly error: PlainError }

export interface PlainError {
  readonly name: string
  readonly message: string
  readonly stack?: string
}
