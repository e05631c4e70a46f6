import { loadStack } from '../../adapters/stack-file.ts'
import { DroverError } from '../../errors.ts'
import { defineCommand } from '../command.ts'
import { sortIssues } from '../output.ts'
import { STACK_OPTIONS, stackLocation } from '../stack-options.ts'

export default defineCommand({
  options: STACK_OPTIONS,
  examples: [
    ['validate', 'check stack.yml'],
    ['validate --env dev', 'check it with stack.dev.yml laid over it'],
    ['validate --json | jq .issues', 'the same for machines'],
  ],
  notes:
    'Every problem is one line: FILE:LINE:COLUMN PATH: MESSAGE (FIX). Warnings end in the code that silences them.',
  async run(args, context) {
    const { output, json } = context
    try {
      const { stack, warnings } = loadStack(stackLocation(context, args))
      if (json)
        output.printJson({
          valid: true,
          stack: stack.name,
          jobs: stack.jobs.length,
          issues: sortIssues(warnings),
        })
      else {
        output.printIssues(warnings)
        output.say(`${args.stack} is valid: ${stack.jobs.length} jobs`)
      }
      return 0
    } catch (error) {
      if (!json || !(error instanceof DroverError) || error.code !== 'STACK_INVALID') throw error
      output.printJson({ valid: false, issues: sortIssues(error.issues), message: error.message })
      return 3
    }
  },
})
