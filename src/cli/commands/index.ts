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
    name: 'queues',
    describe: 'Show what waits and runs in the queues, and which workers are busy',
    example: ['queues --redis redis://localhost:6379', 'what waits, what runs, and who is busy'],
    load: () => import('./queues.ts'),
  },
  {
    name: 'route',
    describe: 'Say which queue a task goes to, and who takes it',
    example: ['route src.tasks.run_shap', 'the queue of a task'],
    load: () => import('./route.ts'),
  },
  {
    name: 'cordon',
    describe: 'Have a worker take no new task',
    example: ['cordon worker_heavy@ALLOCATION', 'it finishes what it has'],
    load: () => import('./cordon.ts'),
  },
  {
    name: 'lift',
    describe: 'Have a cordoned worker take tasks again',
    example: ['lift worker_heavy@ALLOCATION', 'capacity without a start'],
    load: () => import('./lift.ts'),
  },
  {
    name: 'retire',
    describe: 'Have a worker finish what it has and leave',
    example: ['retire ALLOCATION', 'SIGTERM through Nomad, without a kill timer'],
    load: () => import('./retire.ts'),
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
