/** What a token needs for a call, in the words of Nomad's ACL policies; undefined for calls that need nothing. */
export function capabilityFor(method: string, path: string): string | undefined {
  const found = CAPABILITIES.find(([methods, pattern]) => methods.includes(method) && pattern.test(path))
  const variable = /^\/v1\/var\/(.*)$/.exec(path)?.[1]
  if (found === undefined || variable === undefined) return found?.[2]
  return `${found[2]} of the variable (variables { path "${decodeURIComponent(variable)}" { capabilities = ["${found[2]}"] } })`
}

const READ = ['GET']
const WRITE = ['PUT', 'POST', 'DELETE']

const CAPABILITIES: readonly (readonly [methods: readonly string[], path: RegExp, capability: string])[] = [
  [WRITE, /^\/v1\/job\/[^/]+\/scale$/, 'scale-job'],
  [WRITE, /^\/v1\/client\/allocation\/[^/]+\/signal$/, 'alloc-lifecycle'],
  [WRITE, /^\/v1\/jobs\/parse$/, 'parse-job'],
  [WRITE, /^\/v1\/jobs?(\/|$)/, 'submit-job'],
  [READ, /^\/v1\/jobs$/, 'list-jobs'],
  [READ, /^\/v1\/(job|allocations?|deployments?|event)(\/|$)/, 'read-job'],
  [READ, /^\/v1\/nodes?(\/|$)/, 'read of nodes (node { policy = "read" })'],
  [READ, /^\/v1\/var\//, 'read'],
  [WRITE, /^\/v1\/var\//, 'write'],
]
