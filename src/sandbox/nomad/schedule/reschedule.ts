import type { Allocation, Deployment, ReschedulePolicy } from '../state/types.ts'

/** When an allocation that failed is to be replaced, milliseconds since 1970; undefined: it is not, and still counts. */
export function rescheduleAt(
  allocation: Allocation,
  policy: ReschedulePolicy,
  attempts: readonly number[],
  deployment: Deployment | undefined,
): number | undefined {
  if (allocation.ClientStatus !== 'failed') return undefined
  // While its deployment runs, the deployment's own end decides.
  if (deployment?.Status === 'running' && allocation.DeploymentID === deployment.ID) return undefined
  const failedAt = finishedAt(allocation)
  const since = failedAt - policy.Interval / 1e6
  const recent = attempts.filter((at) => at >= since).length
  if (!policy.Unlimited && recent >= policy.Attempts) return undefined
  return failedAt + delayMs(policy, attempts.length)
}

function finishedAt({ TaskStates, ModifyTime }: Allocation): number {
  const times = Object.values(TaskStates ?? {}).flatMap(({ FinishedAt }) => FinishedAt ?? [])
  return times.length > 0 ? Math.max(...times.map((time) => Date.parse(time))) : ModifyTime / 1e6
}

function delayMs({ Delay, DelayFunction, MaxDelay }: ReschedulePolicy, attempts: number): number {
  const factor =
    DelayFunction === 'exponential' ? 2 ** attempts : DelayFunction === 'fibonacci' ? fibonacci(attempts) : 1
  const delay = Delay * factor
  return (MaxDelay > 0 ? Math.min(delay, MaxDelay) : delay) / 1e6
}

function fibonacci(steps: number): number {
  let [a, b] = [1, 1]
  for (let step = 0; step < steps; step++) [a, b] = [b, a + b]
  return a
}
