import type { ImportContext, JobPlan } from './context.ts'
import { flatten } from './pieces.ts'
import { present, type StackMap } from './tree.ts'
import { resolveVariables } from './variables.ts'

/** The Redis that the workers take their tasks from, as their CELERY_BROKER_URL says. */
export function importBroker(context: ImportContext): StackMap | undefined {
  const workers = [...context.plans.values()].filter(({ section }) => section === 'workers')
  const first = workers.map((plan) => brokerOf(context, plan)).find((broker) => broker !== undefined)
  if (!first) {
    if (workers.length > 0)
      context.assumptions.push(
        'No worker has a CELERY_BROKER_URL that names a Redis of these files: add `broker`, so that the scaler can count what waits.',
      )
    return undefined
  }
  context.comments.push({
    path: ['broker', 'visibility_timeout'],
    text: 'The default of Celery. It must be above the longest task, here and in the application.',
  })
  return first
}

function brokerOf(context: ImportContext, plan: JobPlan): StackMap | undefined {
  const { hosts, model, plans, ports, secrets } = context
  const { environment } = plan.service
  const url = environment.CELERY_BROKER_URL ?? environment.BROKER_URL ?? environment.CELERY_BROKER
  if (!url?.value) return undefined
  const { text, holes } = flatten(resolveVariables(url.value, model.env, secrets).pieces)
  const [, password = '', host = '', port = '6379', database = '0'] =
    /^rediss?:\/\/(?:[^:@/]*:([^@/]*)@)?([^:/@]+)(?::(\d+))?(?:\/(\d+))?/.exec(text) ?? []
  const target = plans.get(hosts.get(host) ?? '')
  if (!target || target.section === 'batch') return undefined
  const own = ports.get(target.service.name) ?? []
  const [hole] = password.length === 1 ? holes : []
  const literal = password !== '' && !hole
  const secret =
    hole && 'secret' in hole ? hole : literal ? secretOf(context, password, url, plan) : undefined
  return present({
    software: 'celery',
    service: target.name,
    port: own.length > 1 ? own.find(({ number }) => number === Number(port))?.name : undefined,
    database: Number(database),
    password: secret,
    visibility_timeout: '1h',
  })
}

/** A password that stands in the compose file has become a secret where the variable was imported. */
function secretOf(
  { secrets }: ImportContext,
  password: string,
  { position }: JobPlan['service']['environment'][string],
  plan: JobPlan,
): { secret: string } {
  return secrets.ofLiteral(password, 'celery_broker_url_password', plan.name, position)
}
