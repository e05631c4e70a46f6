const NAME = /^(?:(.*)@)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

/** The allocation in a worker's name, `ALLOCATION` or `GROUP@ALLOCATION`; nothing when the name has none. */
export function allocationOf(worker: string): { allocation?: string; group?: string } {
  const [, group, allocation] = NAME.exec(worker) ?? []
  return { ...(allocation ? { allocation } : {}), ...(group ? { group } : {}) }
}
