import { loadStack } from '../../adapters/stack-file.ts'
import { celeryRoutes } from '../../core/routes/celery-routes.ts'
import { createRouter, type Route } from '../../core/routes/router.ts'
import type { Stack } from '../../core/stack/stack.ts'
import { DroverError } from '../../errors.ts'
import { defineCommand } from '../command.ts'
import { STACK_OPTIONS, stackLocation } from '../stack-options.ts'

export default defineCommand({
  arguments: {
    task: { type: 'string', array: true, describe: 'Names of tasks; without one, every route is listed' },
  },
  options: {
    ...STACK_OPTIONS,
    celery: {
      type: 'boolean',
      default: false,
      describe: "Print the routes as JSON for Celery's task_routes",
    },
  },
  examples: [
    [
      'route src.tasks.run_shap_batch',
      'which queue a task goes to, which pattern says so, and who works on it',
    ],
    ['route', 'every route, the most specific first'],
    ['route --celery > routes.json', 'for `app.conf.task_routes = [json.load(open("routes.json"))]`'],
  ],
  notes:
    'Of all patterns that match, the most specific one wins: a name without * first, then the pattern with more\n' +
    'characters other than *, then with fewer *, then with more text before the first *, then the one written first.\n' +
    'A task that no pattern matches is exit code 2.',
  async run(args, context) {
    const { stack } = loadStack(stackLocation(context, args))
    const router = createRouter(stack.routes)
    const tasks = args.task ?? []
    if (args.celery) {
      if (tasks.length > 0) throw new DroverError('USAGE', '--celery prints every route, so it takes no task')
      context.output.printJson(celeryRoutes(router))
      return 0
    }
    const found = tasks.map((task) => ({ task, ...router.route(task) }))
    const rows: readonly (Partial<Route> & { task?: string })[] = tasks.length > 0 ? found : router.routes
    const told = rows.map((row) => ({ ...row, ...workerOf(stack, row.queue) }))
    if (context.json) context.output.printJson(told)
    else {
      const named = tasks.length > 0
      await context.output.printTable({
        head: [...(named ? ['task'] : []), 'queue', 'worker', 'pattern'],
        rows: told.map(({ task, queue, worker, pattern }) => [
          ...(named ? [task ?? ''] : []),
          queue ?? '-',
          worker ?? '-',
          pattern ?? '-',
        ]),
      })
    }
    const lost = found.filter(({ queue }) => queue === undefined).map(({ task }) => task)
    if (lost.length > 0)
      throw new DroverError('USAGE', `no route is for ${lost.join(', ')}`, {
        hint: 'Add a pattern to routes in the stack file; "*" takes what no other pattern does.',
      })
    return 0
  },
})

function workerOf(stack: Stack, queue: string | undefined): { worker?: string } {
  const job = stack.jobs.find(({ worker }) => queue !== undefined && worker?.queues.includes(queue))
  return job ? { worker: job.name } : {}
}
