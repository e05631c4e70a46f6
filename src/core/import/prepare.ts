import type { ComposeModel } from '../compose/model.ts'
import { isLiteralSecret, isSecretName } from '../rules/secret-text.ts'
import { classify } from './classify.ts'
import type { ImportContext } from './context.ts'
import { findDialled } from './dialled.ts'
import type { ImportOptions } from './import-options.ts'
import { createLedger } from './ledger.ts'
import { toStackNames } from './names.ts'
import { literalOf } from './pieces.ts'
import { createSecrets, type Secrets } from './secrets.ts'
import { findPorts, hostNames } from './service-ports.ts'
import { resolveVariables } from './variables.ts'

/** Everything that has to be known before the first job can be built: kinds, names, ports. */
export function prepareImport({
  model: whole,
  autoscale,
  binds,
  places,
  profiles,
}: ImportOptions): ImportContext {
  const model = withProfiles(whole, profiles)
  const services = Object.values(model.services)
  const secrets = createSecrets()
  const plans = classify(model, { ...(autoscale ? { autoscale: autoscale.value } : {}), secrets })
  const hosts = hostNames(services)
  const dialled = findDialled(model, hosts, binds, secrets)
  nameLiteralSecrets(model, secrets)
  const context: ImportContext = {
    model,
    places,
    plans,
    hosts,
    ports: findPorts(services, dialled),
    binds,
    volumeNames: toStackNames(Object.keys(model.volumes)),
    networkNames: toStackNames(Object.keys(model.networks)),
    secrets,
    ledger: createLedger(),
    comments: [],
    assumptions: [],
    issues: [],
  }
  for (const { service, why, whyKey, path, name } of plans.values()) {
    if (why !== undefined && whyKey !== undefined)
      context.ledger.of(service.name).approximated(whyKey, '', why)
    if (why !== undefined) context.comments.push({ path, text: `${why[0]?.toUpperCase()}${why.slice(1)}.` })
    if (name !== service.name)
      context.assumptions.push(`The service ${service.name} is ${name} in the stack: names are lower case.`)
  }
  return context
}

/** The services that compose would start with these profiles. */
function withProfiles(model: ComposeModel, profiles: readonly string[] | undefined): ComposeModel {
  if (profiles === undefined || profiles.length === 0) return model
  const isWanted = (own: readonly string[]) => own.length === 0 || own.some((one) => profiles.includes(one))
  const services = Object.entries(model.services).filter(([, service]) =>
    isWanted(service.profiles.map(({ value }) => value)),
  )
  return { ...model, services: Object.fromEntries(services) }
}

/** Passwords in variables give secrets their names before the same passwords turn up inside of URLs. */
function nameLiteralSecrets(model: ComposeModel, secrets: Secrets): void {
  for (const service of Object.values(model.services))
    for (const [variable, { value, position }] of Object.entries(service.environment)) {
      const text = value && literalOf(resolveVariables(value, model.env, secrets).pieces)
      if (text && isSecretName(variable) && isLiteralSecret(text))
        secrets.ofLiteral(text, variable, service.name, position)
    }
}
