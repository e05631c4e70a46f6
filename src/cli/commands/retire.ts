import { createRetirement, type Retirement, type WorkerAllocation } from '../../adapters/nomad-retire.ts'
import { DroverError, ERROR_CODES } from '../../errors.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { durationOption } from '../worker-options.ts'

type Answer = Omit<WorkerAllocation, 'task' | 'status'> & {
  /** asked: the signal is sent. left: it is gone with exit code 0. unknown: nobody can say. */
  readonly state: 'asked' | 'left' | 'unknown'
  readonly cause?: string
}

export default defineCommand({
  arguments: {
    worker: {
      type: 'string',
      array: true,
      demandOption: true,
      value: 'ALLOCATION|NODE',
      describe: 'Allocations by id or the start of it, or Nomad nodes by name or id: all workers on them',
    },
  },
  options: {
    wait: {
      type: 'string',
      value: 'DURATION',
      describe: 'Wait so long for them to have left. Default: do not wait',
    },
  },
  examples: [
    ['retire 5f1c02aa', 'take no more tasks, finish what runs, exit 0'],
    ['retire node-3 --wait 2h', 'empty a node of workers, and wait for it'],
  ],
  notes:
    'Sends SIGTERM by the API of the allocation, which has no kill timeout: what runs is finished, however long it\n' +
    'takes. The count of the group stays; a batch worker that exits 0 is not replaced. Nomad is found by NOMAD_ADDR,\n' +
    'NOMAD_TOKEN, NOMAD_NAMESPACE and NOMAD_CACERT. A worker that has not left in time is unknown: exit code 5.\n' +
    'A Celery worker should be cordoned first: SIGTERM just when it begins a task can have that task run twice.',
  async run(args, context) {
    const waitMs = durationOption('--wait', args.wait)
    const nomad = createRetirement(context.env)
    const found = (await Promise.all(args.worker.map((word) => nomad.find(word)))).flat()
    const each = [...new Map(found.map((one) => [one.id, one])).values()]
    const answers = await Promise.all(each.map((one) => retire(nomad, one, waitMs, context)))
    if (context.json) context.output.printJson(answers)
    else
      await context.output.printTable({
        head: ['allocation', 'name', 'state', 'why'],
        rows: answers.map(({ id, name, state, cause }) => [id.slice(0, 8), name, state, cause ?? '']),
      })
    return answers.some(({ state }) => state === 'unknown') ? ERROR_CODES.UNAVAILABLE.exit : 0
  },
})

const POLL_MS = 250

async function retire(
  nomad: Retirement,
  { id, name, group, task, status }: WorkerAllocation,
  waitMs: number | undefined,
  context: Context,
): Promise<Answer> {
  const answer = { id, name, group }
  if (status !== 'running') return { ...answer, ...told(status) }
  try {
    await nomad.signal({ id, name, group, task, status }, 'SIGTERM')
  } catch (error) {
    // It may have left by itself a moment ago.
    if (error instanceof DroverError) return { ...answer, state: 'unknown', cause: error.message }
    throw error
  }
  if (waitMs === undefined) return { ...answer, state: 'asked' }
  const end = context.now() + waitMs
  for (;;) {
    const now = await nomad.status(id)
    if (now !== 'running') return { ...answer, ...told(now) }
    if (context.signal.aborted) return { ...answer, state: 'unknown', cause: 'interrupted' }
    if (context.now() >= end) return { ...answer, state: 'unknown', cause: 'it still runs' }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

function told(status: string): Pick<Answer, 'state' | 'cause'> {
  return status === 'complete' ? { state: 'left' } : { state: 'unknown', cause: `it is ${status}` }
}
