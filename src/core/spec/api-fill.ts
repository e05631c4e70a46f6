import { checked } from './hcl.ts'
import type { BlockName } from './nomad-blocks.ts'
import type { Tree } from './tree.ts'

type Api = Record<string, unknown>

/**
 * What Nomad's HCL parser adds to a block or moves in it, so that the API form does the same. Everything else
 * (counts, restart policies, resources ...) the server fills in, alike for both forms.
 */
export const FILLED: Partial<Record<BlockName, (api: Api, node: Tree) => void>> = {
  job: (api) => {
    api.Name ??= api.ID
  },
  periodic: (api) => {
    if (api.Spec !== undefined || api.Specs !== undefined) api.SpecType = 'cron'
  },
  constraint: (api, node) => fillOperator(api, node, CONSTRAINT_FORMS),
  affinity: (api, node) => fillOperator(api, node, AFFINITY_FORMS),
  group: (api) => eachNetwork(api, fillPorts),
  task: (api) => {
    eachNetwork((api.Resources ?? {}) as Api, fillPorts)
    fillIdentity(api)
  },
  template: (api) => fill(api, { ChangeMode: 'restart', Perms: '0644', Splay: 5e9, ErrMissingKey: false }),
  change_script: (api) => fill(api, { Args: [], Timeout: 5e9, FailOnError: false, RunOnFirstRender: false }),
  vault: (api) => fill(api, { Env: true, DisableFile: false, ChangeMode: 'restart' }),
  scaling: fillScalingType,
}

function fill(api: Api, defaults: Api): void {
  for (const [key, value] of Object.entries(defaults)) api[key] ??= value
}

// In the order in which the parser looks at them: the last one that is set wins.
const CONSTRAINT_FORMS = [
  'version',
  'semver',
  'regexp',
  'set_contains',
  'distinct_hosts',
  'distinct_property',
]
const AFFINITY_FORMS = ['version', 'semver', 'regexp', 'set_contains_any', 'set_contains_all', 'set_contains']

/** Short forms: `version = ">= 1"` is operator "version" with that value. */
function fillOperator(api: Api, node: Tree, forms: readonly string[]): void {
  for (const form of forms) {
    const value = node[form]
    if (value === undefined || value === '') continue
    api.Operand = form
    if (form === 'distinct_property') api.LTarget = checked(String(value))
    else api.RTarget = checked(String(value))
  }
  api.Operand ||= '='
}

function eachNetwork(api: Api, change: (network: Api) => void): void {
  for (const network of (api.Networks ?? []) as readonly Api[]) change(network)
}

/** Ports with a fixed number are a list of their own; only in networks of groups and tasks. */
function fillPorts(api: Api): void {
  const ports = (api.DynamicPorts ?? []) as readonly Api[]
  const isFixed = (port: Api) => Number(port.Value ?? 0) > 0
  delete api.DynamicPorts
  if (ports.some((port) => !isFixed(port))) api.DynamicPorts = ports.filter((port) => !isFixed(port))
  if (ports.some(isFixed)) api.ReservedPorts = ports.filter(isFixed)
}

/** The first identity without a name or called "default" is the task's own. */
function fillIdentity(api: Api): void {
  const identities = (api.Identities ?? []) as readonly Api[]
  const own = identities.find(({ Name }) => Name === undefined || Name === '' || Name === 'default')
  if (!own) return
  api.Identity = own
  api.Identities = identities.filter((identity) => identity !== own)
}

/** A group's policy is horizontal; those of a task are known by their label, which came in as the type. */
function fillScalingType(api: Api): void {
  const vertical: Readonly<Record<string, string>> = { cpu: 'vertical_cpu', mem: 'vertical_mem' }
  const type = typeof api.Type === 'string' && api.Type !== '' ? api.Type : 'horizontal'
  api.Type = vertical[type.toLowerCase()] ?? type
}
