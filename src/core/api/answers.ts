import { z } from '../zod.ts'
import { decisionSchema } from './decision.ts'
import { actionAnswerSchema, eventSchema, inputsSchema } from './event.ts'
import { groupReportSchema, workerReportSchema } from './report.ts'
import { readingSchema } from './sample.ts'
import { timeSchema } from './values.ts'

export const groupsAnswer = z.object({ groups: z.array(groupReportSchema) })

export const groupAnswer = z.object({
  group: groupReportSchema,
  decisions: z.array(eventSchema).describe('Newest first, with what each was made from.'),
})

export const whyAnswer = z.object({
  name: z.string(),
  at: timeSchema.describe('The time that was asked for.'),
  decidedAt: timeSchema.describe('When this decision was made.'),
  since: timeSchema.optional().describe('Since when it has been this one.'),
  explained: z.string().describe('The decision in words.'),
  steps: z.array(z.string()).describe('Each reason in words, in order.'),
  decision: decisionSchema,
  inputs: inputsSchema.optional().describe('Absent when they have not been kept.'),
  action: eventSchema.optional().describe('What came of it.'),
})

export const queuesAnswer = z.object({
  queues: z.array(
    z.object({
      queue: z.string(),
      groups: z.array(z.string()).describe('Those who take from it.'),
      reading: readingSchema.optional().describe('Absent while no group has been evaluated yet.'),
    }),
  ),
})

export const workersAnswer = z.object({
  workers: z.array(workerReportSchema.extend({ group: z.string() })),
})

export const historyAnswer = z.object({
  events: z.array(eventSchema).describe('Newest first.'),
  cursor: z.string().describe('As Last-Event-ID, gives the stream of all that comes after this answer.'),
})

export const groupOrderAnswer = z.object({ group: groupReportSchema.optional() })

export const actionOrderAnswer = z.object({
  answer: actionAnswerSchema,
  group: groupReportSchema.optional(),
})

export const liveAnswer = z.object({ live: z.literal(true), version: z.string(), startedAt: timeSchema })

export const errorAnswer = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      hint: z.string().optional(),
      issues: z.array(z.string()).optional().describe('Every problem of the request.'),
    }),
  })
  .meta({ title: 'Error' })
