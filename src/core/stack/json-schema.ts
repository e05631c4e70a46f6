import { z } from '../zod.ts'
import { stackSchema } from './schema/stack.ts'

/** The JSON Schema of stack.yml, for editors and other tools. */
export function stackJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(stackSchema, { io: 'input', reused: 'ref' })
  return { $schema, title: 'Drover stack', ...schema }
}
