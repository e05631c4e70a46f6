/** What became of a job. */
export type Result = 'registered' | 'would register' | 'unchanged' | 'refused' | 'failed' | 'skipped'

const ORDER: readonly Result[] = ['registered', 'would register', 'unchanged', 'refused', 'failed', 'skipped']

/** `3 jobs: 2 registered, 1 unchanged`. */
export function closingLine(results: readonly Result[]): string {
  const counts = ORDER.map((result) => [results.filter((one) => one === result).length, result] as const)
  const parts = counts.filter(([count]) => count > 0).map(([count, result]) => `${count} ${result}`)
  return [`${results.length} ${results.length === 1 ? 'job' : 'jobs'}`, parts.join(', ')]
    .filter(Boolean)
    .join(': ')
}
