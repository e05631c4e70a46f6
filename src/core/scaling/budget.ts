/** What the workers of a stack may cost together, in one currency. */
export interface Spending {
  readonly maxPerHour: number
  /** What all groups with a price cost now; places that Nomad is about to fill count. */
  readonly perHour: number
}

/**
 * How many more allocations of this price are allowed: 0 when the budget is used up. Undefined when nothing limits it,
 * because the group has no price.
 */
export function affordable(
  { maxPerHour, perHour }: Spending,
  costPerHour: number | undefined,
): number | undefined {
  if (costPerHour === undefined || costPerHour <= 0) return undefined
  // A budget of 0.3 holds three of 0.1, which binary fractions deny.
  return Math.max(0, Math.floor((maxPerHour - perHour) / costPerHour + 1e-9))
}
