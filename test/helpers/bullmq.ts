import { createRequire } from 'node:module'
import type * as BullMq from 'bullmq'

const require = createRequire(import.meta.url)

/** Both major versions that the source reads. */
export const MAJORS = [5, 6] as const

export type Bull = typeof BullMq

/** A major version of BullMQ; both have the same classes as far as tests use them. */
export function bullmq(major: (typeof MAJORS)[number]): Bull {
  return require(major === 5 ? 'bullmq5' : 'bullmq') as Bull
}

export interface Gate {
  /** Resolves when it is opened. */
  readonly passed: Promise<void>
  open(): void
}

/** For a processor that runs until the test says so. */
export function gate(): Gate {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}
