import type { RedisTarget } from '../../core/queues/redis-url.ts'
import type { z } from '../../core/zod.ts'
import type { Clock, QueueSource } from '../../ports.ts'

/** What a source is built with, besides its own options. */
export interface SourceSetting {
  readonly clock: Clock
  /** Where Redis is, for the sources that read one. */
  readonly redis?: { readonly target: RedisTarget; readonly ca?: string } | undefined
  /** Environment variables, for sources that take credentials of their own. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A kind of source: a file here, and a line in index.ts. */
export interface SourceKind<Schema extends z.ZodType = z.ZodType> {
  /** Its options as people write them. */
  readonly options: Schema
  /** Throws USAGE when the setting lacks what it needs. */
  open(options: z.infer<Schema>, setting: SourceSetting): QueueSource
}

export function defineSource<Schema extends z.ZodType>(kind: SourceKind<Schema>): SourceKind<Schema> {
  return kind
}
