import type { ConsulStore } from './store.ts'
import type { ConsulCheck, ConsulService } from './types.ts'

/** A check with what Consul tells of its service beside it. */
export function checkView(
  check: ConsulCheck,
  node: string,
  services: ReadonlyMap<string, ConsulService>,
): Record<string, unknown> {
  const service = services.get(check.ServiceID)
  const { CreateIndex, ModifyIndex, ...rest } = check
  return {
    Node: node,
    ...rest,
    ServiceName: service?.Service ?? '',
    ServiceTags: service?.Tags ?? [],
    ExposedPort: 0,
    Definition: {},
    CreateIndex,
    ModifyIndex,
  }
}

/** A service as its own agent tells it. */
export function agentService({ CreateIndex: _, ModifyIndex: __, ...service }: ConsulService): object {
  return { ...service, Datacenter: 'dc1' }
}

/** A service as lists of nodes and health have it. */
export function nodeService({
  CreateIndex,
  ModifyIndex,
  ...service
}: ConsulService): Record<string, unknown> {
  return { ...service, Proxy: NO_PROXY, Connect: {}, CreateIndex, ModifyIndex }
}

/** A service as the catalog lists it by name: the node's fields beside it. */
export function catalogService(store: ConsulStore, service: ConsulService): Record<string, unknown> {
  const { Meta, CreateIndex: _, ModifyIndex: __, ...node } = nodeView(store)
  return {
    ...node,
    NodeMeta: Meta,
    ServiceKind: service.Kind ?? '',
    ServiceID: service.ID,
    ServiceName: service.Service,
    ServiceTags: service.Tags,
    ServiceAddress: service.Address,
    ...(service.TaggedAddresses && { ServiceTaggedAddresses: service.TaggedAddresses }),
    ServiceWeights: service.Weights,
    ServiceMeta: service.Meta,
    ServicePort: service.Port,
    ServiceSocketPath: '',
    ServiceEnableTagOverride: service.EnableTagOverride,
    ServiceProxy: NO_PROXY,
    ServiceConnect: {},
    CreateIndex: service.CreateIndex,
    ModifyIndex: service.ModifyIndex,
  }
}

export function nodeView({ node }: ConsulStore) {
  const Address = '127.0.0.1'
  return {
    ID: node.ID,
    Node: node.Name,
    Address,
    Datacenter: 'dc1',
    TaggedAddresses: { lan: Address, lan_ipv4: Address, wan: Address, wan_ipv4: Address },
    Meta: { 'consul-network-segment': '' },
    CreateIndex: 13,
    ModifyIndex: 14,
  }
}

const NO_PROXY = { Mode: '', MeshGateway: {}, Expose: {} }
