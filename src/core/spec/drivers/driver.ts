import type { z } from '../../zod.ts'

/** What Drover knows of a Nomad task driver. */
export interface Driver {
  /** As in `driver = "docker"`. */
  readonly name: string
  /** Every key of the driver's `config` block; Nomad itself checks none of them before the task starts.
   *  Made when it is first asked for: few stacks write driver config themselves. */
  config(): z.ZodObject
}

/** Makes a value at the first call and keeps it. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
