/** The task of a group that takes from queues: of those that are no helpers, the one with the group's name, or the first. */
export function mainTask(
  group: string,
  tasks: readonly { readonly Name: string; readonly Lifecycle?: unknown }[],
): string | undefined {
  const own = tasks.filter(({ Lifecycle }) => Lifecycle === null || Lifecycle === undefined)
  return (own.find(({ Name }) => Name === group) ?? own[0])?.Name
}
