/** A task group of a Nomad job: what has a count. */
export interface GroupRef {
  readonly namespace: string
  readonly job: string
  readonly group: string
}

/** Unique over the cluster: a key for maps and stores. */
export function groupKey({ namespace, job, group }: GroupRef): string {
  return `${namespace}/${job}/${group}`
}

/** As people name it: what goes without saying is left out. `worker_heavy`, `shop/mailer`, `staging/shop/mailer`. */
export function groupName({ namespace, job, group }: GroupRef): string {
  const name = job === group ? job : `${job}/${group}`
  return namespace === 'default' ? name : `${namespace}/${job}/${group}`
}
