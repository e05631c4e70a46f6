/** What a filter may speak of. */
export const SERVICE_FIELDS = [
  'ID',
  'Service',
  'Kind',
  'Tags',
  'Meta',
  'Port',
  'Address',
  'Weights',
  'EnableTagOverride',
]
export const CHECK_FIELDS = [
  ...[
    'Node',
    'CheckID',
    'Name',
    'Status',
    'Notes',
    'Output',
    'ServiceID',
    'ServiceName',
    'ServiceTags',
    'Type',
  ],
]
export const NODE_FIELDS = ['ID', 'Node', 'Address', 'Datacenter', 'TaggedAddresses', 'Meta']
export const CATALOG_FIELDS = [
  ...[
    'ID',
    'Node',
    'Address',
    'Datacenter',
    'TaggedAddresses',
    'NodeMeta',
    'ServiceKind',
    'ServiceID',
    'ServiceName',
  ],
  ...['ServiceTags', 'ServiceAddress', 'ServiceWeights', 'ServiceMeta', 'ServicePort'],
]
export const HEALTH_FIELDS = ['Node', 'Service', 'Checks']
