/** What the tasks of a queue are called, by the first route to it; as the queue where there is none. */
export function taskNames(routes: Readonly<Record<string, string>>): (queue: string) => string {
  return (wanted) => {
    const [pattern] = Object.entries(routes).find(([text, queue]) => queue === wanted && text !== '*') ?? [
      wanted,
    ]
    return pattern.replace(/[*_]+$/, '')
  }
}
