import { z } from '../../zod.ts'

// Kinds of keys that driver configs share.

export const text = (description: string) => z.string().describe(description).optional()
export const flag = (description: string) => z.boolean().describe(description).optional()
export const whole = (description: string) => z.int().describe(description).optional()
export const texts = (description: string) => z.array(z.string()).describe(description).optional()
export const textMap = (description: string) =>
  z.record(z.string(), z.string()).describe(description).optional()
export const portMap = (description: string) => z.record(z.string(), z.int()).describe(description).optional()
