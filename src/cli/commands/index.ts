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
    name: 'up',
    describe: 'Register what changed of the stack in Nomad',
    example: ['up --dry-run', 'see what would change; without it, do it'],
    load: () => import('./up.ts'),
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
    name: 'scaler',
    describe: 'Scale worker groups by their queues, until it is stopped',
    example: ['scaler --dry-run', 'say what it would do; without it, do it'],
    load: () => import('./scaler.ts'),
  },
  {
    name: 'status',
    describe: 'Show every group as the scaler sees it, and what it does',
    example: ['status', 'counts, queues and decisions at a glance'],
    load: () => import('./status.ts'),
  },
  {
    name: 'why',
    describe: 'Explain what the scaler does about a group, now or then',
    example: ['why worker_heavy --at 10m', 'each step of the way to the decision'],
    load: () => import('./why.ts'),
  },
  {
    name: 'pause',
    describe: 'Have the scaler leave a group as it is',
    example: ['pause worker_heavy --for 30m', 'neither more nor fewer for half an hour'],
    load: () => import('./pause.ts'),
  },
  {
    name: 'resume',
    describe: 'Have the scaler go on with a paused group',
    example: ['resume worker_heavy', 'scale it again'],
    load: () => import('./resume.ts'),
  },
  {
    name: 'events',
    describe: 'Tell what the scaler did, and what it does',
    example: ['events --follow', 'one line for each thing that happens'],
    load: () => import('./events.ts'),
  },
  {
    name: 'health',
    describe: 'Show whether everything of the stack runs and is healthy',
    example: ['health --wait', 'wait until all of it is'],
    load: () => import('./health.ts'),
  },
  {
    name: 'consul',
    describe: 'Register in Consul what Nomad does not, and say who may call whom',
    example: ['consul sync', 'what runs elsewhere, and the worker groups'],
    load: () => import('./consul.ts'),
  },
  {
    name: 'sandbox',
    describe: 'Run an emulated Nomad and Consul to try things against',
    example: ['sandbox --speed 10', 'no cluster is needed for the other commands'],
    load: () => import('./sandbox.ts'),
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
