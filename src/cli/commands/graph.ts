import { loadStack } from '../../adapters/stack-file.ts'
import { planGraph, toMermaid } from '../../core/graph.ts'
import { defineCommand } from '../command.ts'
import { checkProfiles, PROFILE_OPTION, STACK_OPTIONS, stackLocation } from '../stack-options.ts'

export default defineCommand({
  options: { ...STACK_OPTIONS, ...PROFILE_OPTION },
  examples: [
    ['graph', 'who needs whom, as Mermaid'],
    ['graph > docs/graph.mmd', 'keep it beside the docs'],
    ['graph --json | jq .edges', 'the same for machines'],
  ],
  async run(args, context) {
    const { stack } = loadStack(stackLocation(context, args))
    checkProfiles(stack, args.profile)
    const graph = planGraph(stack, args.profile)
    if (context.json) context.output.printJson(graph)
    else context.output.data(toMermaid(stack, graph))
    return 0
  },
})
