import { stackJsonSchema } from '../../core/stack/json-schema.ts'
import { defineCommand } from '../command.ts'

export default defineCommand({
  examples: [
    ['schema > schema/stack.schema.json', 'for editors: the first line of stack.yml points at it'],
    ['schema | jq .properties.services', 'look up what a service may have'],
  ],
  async run(_, { output }) {
    output.data(`${JSON.stringify(stackJsonSchema(), null, 2)}\n`)
    return 0
  },
})
