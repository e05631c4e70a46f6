import { markOf } from '../mark.ts'
import { type Intention, planIntentions } from '../plan/connect.ts'
import { jobFinder } from '../plan/plan-jobs.ts'
import { hclString } from '../spec/hcl.ts'
import { layout } from '../spec/layout.ts'
import type { Job, Stack } from '../stack/stack.ts'

/** A config entry in Consul's HCL, as `consul config write` takes it. */
export interface IntentionFile extends Intention {
  readonly text: string
}

/** By this key of an entry's meta Drover knows what is its own. */
export const INTENTION_MARK = 'drover_stack'

/** The intentions of a stack's jobs; none unless the stack is kept apart by intentions. */
export function intentionFiles(stack: Stack, jobs: readonly Job[]): IntentionFile[] {
  if (stack.cluster.isolation !== 'intentions') return []
  return planIntentions(jobs, jobFinder(stack)).map((intention) => ({
    ...intention,
    text: markOf(stack.name) + layout(textOf(stack.name, intention)),
  }))
}

/** The last source stands for everybody else. */
function textOf(stack: string, { service, sources }: Intention): string {
  const source = (name: string, action: string): string =>
    `{\nName = ${hclString(name)}\nAction = ${hclString(action)}\n},\n`
  const list = [...sources.map((name) => source(name, 'allow')), source('*', 'deny')].join('')
  const meta = `Meta = {\n${INTENTION_MARK} = ${hclString(stack)}\n}\n`
  return `Kind = "service-intentions"\nName = ${hclString(service)}\n${meta}Sources = [\n${list}]\n`
}
