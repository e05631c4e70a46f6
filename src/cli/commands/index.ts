import type { CommandModule, Example } from '../command.ts'

/** What `drover --help` and completion know of a command without loading it. */
export interface CommandEntry {
  readonly name: string
  /** One line, a verb first, no full stop. */
  readonly describe: string
  /** Shown on the first help page. */
  readonly example: Example
  load(): Promise<{ readonly default: CommandModule }>
}

/** Every command, in the order in which a newcomer meets them. A new one is a file and an entry here. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'init',
    describe: 'Make a stack file from compose files',
    example: ['init --from docker-compose.yml', 'write stack.yml, and say what became of each key'],
    load: () => import('./init.ts'),
  },
  {
    name: 'validate',
    describe: 'Check the stack file, every problem at once',
    example: ['validate', 'say what is wrong with stack.yml, and where'],
    load: () => import('./validate.ts'),
  },
  {
    name: 'render',
    describe: 'Render the stack to Nomad job specs',
    example: ['render', 'write jobs/*.nomad.hcl'],
    load: () => import('./render.ts'),
  },
  {
    name: 'graph',
    describe: 'Print who needs whom, as a Mermaid diagram',
    example: ['graph', 'draw the dependencies'],
    load: () => import('./graph.ts'),
  },
  {
    name: 'cost',
    describe: 'Add up cores, memory and money',
    example: ['cost', 'what the stack takes at its least, typical and largest counts'],
    load: () => import('./cost.ts'),
  },
  {
    name: 'schema',
    describe: 'Print the JSON Schema of the stack file',
    example: ['schema > schema/stack.schema.json', 'have your editor complete and check stack.yml'],
    load: () => import('./schema.ts'),
  },
  {
    name: 'completion',
    describe: 'Print a completion script for your shell',
    example: ['completion bash', 'complete commands, options and job names with Tab'],
    load: () => import('./completion.ts'),
  },
]
