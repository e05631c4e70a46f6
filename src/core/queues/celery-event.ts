import { z } from '../zod.ts'

const envelopeSchema = z.object({
  body: z.string(),
  properties: z.object({ body_encoding: z.string().nullish() }).optional(),
})

const eventSchema = z.object({
  type: z.string(),
  hostname: z.string(),
  /** Seconds since 1970, by the clock of the sender. */
  timestamp: z.number().optional(),
  uuid: z.string().optional(),
  name: z.string().nullish(),
  queue: z.string().nullish(),
  routing_key: z.string().nullish(),
  eta: z.string().nullish(),
  runtime: z.number().nullish(),
  active: z.number().int().min(0).optional(),
  freq: z.number().positive().optional(),
})

export type CeleryEvent = z.infer<typeof eventSchema>

/**
 * The events in a message of the event exchange: one, or a list of them. Of what is not an event nothing comes.
 * @param fromBase64 decodes to text
 */
export function parseCeleryEvents(message: string, fromBase64: (text: string) => string): CeleryEvent[] {
  const envelope = envelopeSchema.safeParse(parseJson(message))
  if (!envelope.success) return []
  const { body, properties } = envelope.data
  const content = parseJson(properties?.body_encoding === 'base64' ? fromBase64(body) : body)
  return (Array.isArray(content) ? content : [content]).flatMap((item) => {
    const event = eventSchema.safeParse(item)
    return event.success ? [event.data] : []
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
