import type { ComposeModel } from '../compose/model.ts'
import type { ComposeVariable, VariableUse } from '../compose/variables.ts'
import type { DocumentPath, Issue } from '../issue.ts'

/** Codes of variables without a value. Most of them become secrets, and are no problem then. */
const UNSET: ReadonlySet<string> = new Set(['compose-required-variable', 'compose-unset-variable'])

/** Keys of a service whose values decide about its structure, where a secret cannot stand. */
const STRUCTURE: ReadonlySet<string> = new Set([
  ...['ports', 'expose', 'volumes', 'tmpfs', 'networks', 'depends_on', 'profiles', 'env_file', 'extends'],
  ...['restart', 'scale', 'ulimits', 'cpus', 'cpu_shares', 'mem_limit', 'mem_reservation', 'memswap_limit'],
  ...['pids_limit', 'shm_size', 'oom_score_adj', 'stop_grace_period', 'group_add', 'secrets', 'configs'],
  ...['read_only', 'init', 'privileged', 'tty', 'stdin_open'],
])

/**
 * What is wrong with compose files for an import: as the reader says, but a variable without a value is an
 * error only where it would decide about a port, a path, a size or the like.
 */
export function issuesForImport(issues: readonly Issue[], { variables, env }: ComposeModel): Issue[] {
  const missing = variables.filter(({ name, default: preset }) => !env[name] && preset === undefined)
  return [...issues.filter(({ code }) => !UNSET.has(code)), ...missing.flatMap(valueNeeded)]
}

function valueNeeded({ name, uses }: ComposeVariable): Issue[] {
  const deciding = uses.filter(({ path }) => isStructure(path))
  return deciding.map(({ path, position }: VariableUse) => ({
    severity: 'error',
    code: 'import-value-needed',
    path,
    message: `needs the value of ${name}, which can be no secret here`,
    fix: `put ${name}= into a file and give it with --env-file`,
    position,
  }))
}

function isStructure([section, , key, part, inner]: DocumentPath): boolean {
  if (section === 'include') return true
  if (section !== 'services' || typeof key !== 'string') return false
  if (key === 'healthcheck') return part !== 'test'
  if (key === 'deploy') return part === 'replicas' || part === 'resources' || inner === 'max_attempts'
  return STRUCTURE.has(key)
}
