import { z } from '../zod.ts'

/** A job as Nomad's parser gives it: what Drover does not look at goes back to Nomad as it came. */
export const parsedJobSchema = z.looseObject({
  ID: z.string(),
  Namespace: z.string().nullish(),
  Type: z.string().nullish(),
  TaskGroups: z.array(
    z.looseObject({
      Name: z.string(),
      Count: z.number().nullish(),
      Scaling: z.looseObject({ Min: z.number().nullish(), Max: z.number().nullish() }).nullish(),
    }),
  ),
})

export type ParsedJob = z.infer<typeof parsedJobSchema>

/** A job as Nomad holds it. */
export interface LiveJob {
  readonly Version: number
  readonly JobModifyIndex: number
  readonly Stop: boolean
  readonly Meta?: Readonly<Record<string, string>> | null | undefined
  readonly Spreads?: unknown
  readonly VersionTag?: { readonly Name: string } | null | undefined
  readonly TaskGroups: readonly { readonly Name: string; readonly Count?: number | null | undefined }[]
}

export const liveAllocationsSchema = z.array(
  z.object({
    ID: z.string(),
    TaskGroup: z.string(),
    ClientStatus: z.string(),
    DesiredStatus: z.string(),
    TaskStates: z.record(z.string(), z.object({ StartedAt: z.string().nullish() })).nullish(),
  }),
)

export type LiveAllocation = z.infer<typeof liveAllocationsSchema>[number]

/** One level of a diff: what it holds is of the same form. */
export interface DiffNode {
  readonly Type: string
  readonly Name?: string | undefined
  readonly Fields?: readonly DiffField[] | null | undefined
  readonly Objects?: readonly DiffNode[] | null | undefined
  readonly TaskGroups?: readonly DiffNode[] | null | undefined
  readonly Tasks?: readonly DiffNode[] | null | undefined
}

export type DiffField = z.infer<typeof fieldSchema>

const fieldSchema = z.object({
  Type: z.string(),
  Name: z.string(),
  Old: z.string().default(''),
  New: z.string().default(''),
})

const nodeSchema: z.ZodType<DiffNode> = z.lazy(() => {
  const list = z.array(nodeSchema).nullish()
  return z.object({
    Type: z.string(),
    Name: z.string().optional(),
    Fields: z.array(fieldSchema).nullish(),
    Objects: list,
    TaskGroups: list,
    Tasks: list,
  })
})

const number = z.number().default(0)

export const planSchema = z.object({
  JobModifyIndex: z.number(),
  Warnings: z.string().nullish(),
  Diff: nodeSchema.nullish(),
  Annotations: z
    .object({
      DesiredTGUpdates: z
        .record(
          z.string(),
          z.object({ Place: number, Stop: number, InPlaceUpdate: number, DestructiveUpdate: number }),
        )
        .nullish(),
    })
    .nullish(),
  FailedTGAllocs: z
    .record(
      z.string(),
      z.object({
        CoalescedFailures: number,
        ConstraintFiltered: z.record(z.string(), z.number()).nullish(),
        ClassFiltered: z.record(z.string(), z.number()).nullish(),
        DimensionExhausted: z.record(z.string(), z.number()).nullish(),
      }),
    )
    .nullish(),
})

export type NomadPlan = z.infer<typeof planSchema>
