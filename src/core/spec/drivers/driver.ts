import type { z } from 'zod'
import type { BodyShape } from '../free-body.ts'

/** What Drover knows of a Nomad task driver. */
export interface Driver {
  /** As in `driver = "docker"`. */
  readonly name: string
  /** Every key of the driver's `config` block; Nomad itself checks none of them before the task starts. */
  readonly config: z.ZodObject
  /** Which of the keys are blocks in HCL. */
  readonly blocks: BodyShape
}
