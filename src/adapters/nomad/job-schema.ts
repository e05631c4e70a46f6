import { z } from '../../core/zod.ts'

/** A job as Nomad's API writes it; what Drover looks at is checked, the rest is carried along. */
export const jobSchema = z.looseObject({
  ID: z.string(),
  Namespace: z.string().nullish(),
  Type: z.string().nullish(),
  TaskGroups: z
    .array(z.looseObject({ Name: z.string(), Count: z.number().nullish() }))
    .nullish()
    .transform((groups) => groups ?? []),
})
export type NomadJob = z.infer<typeof jobSchema>

/** A job that Nomad has. */
export const storedJobSchema = jobSchema.extend({
  Namespace: z.string(),
  Type: z.string(),
  Stop: z.boolean(),
  Version: z.number(),
  JobModifyIndex: z.number(),
  Status: z.string(),
  Meta: z.record(z.string(), z.string()).nullish(),
  VersionTag: z.object({ Name: z.string() }).nullish(),
})
export type StoredJob = z.infer<typeof storedJobSchema>

export function jobPath(job: string): string {
  return `/v1/job/${encodeURIComponent(job)}`
}

export function place(namespace: string | null | undefined): { namespace: string } | Record<string, never> {
  return namespace ? { namespace } : {}
}
