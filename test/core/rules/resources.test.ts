import { describe } from 'vitest'
import { type RuleCase, testCases } from '../../helpers/rule-cases.ts'

const withResources = (resources: string, more = '') =>
  `services: {a: {image: "x:1", resources: {${resources}}${more}}}`

const CASES: RuleCase[] = [
  [
    'reservations above the limits, of a sidecar too',
    'reservation-above-limit',
    'services: {a: {image: "x:1", resources: {cpu: 1, cpu_reservation: 1.5, memory: 1GB, memory_reservation: 2GB}, sidecars: {s: {image: "x:1", resources: {memory_reservation: 301MB}}}}}',
    [
      'services.a.resources.memory_reservation: 2GB is reserved, above the limit of 1GB',
      'services.a.resources.cpu_reservation: 1.5 cores are reserved, above the limit of 1',
      'services.a.sidecars.s.resources.memory_reservation: 301MB is reserved, above the limit of 300MB',
    ],
  ],
  [
    'reservations equal to the limits',
    'reservation-above-limit',
    withResources('cpu: 1, cpu_reservation: 1, memory: 1GB, memory_reservation: 1024MB'),
    [],
  ],
  ['whole cores alone', 'reservation-above-limit', withResources('cores: 2'), []],
  [
    'cpu and cores',
    'cpu-and-cores',
    withResources('cpu: 1, cores: 2'),
    ['services.a.resources.cores: has 2 whole cores and cpu as well'],
  ],
  [
    'a reservation and cores',
    'cpu-and-cores',
    withResources('cpu_reservation: 1, cores: 2'),
    ['services.a.resources.cores: has 2 whole cores and cpu_reservation as well'],
  ],
  ['cores', 'cpu-and-cores', withResources('cores: 2'), []],
  [
    'a hard limit above the reservation',
    'cpu-hard-limit',
    withResources('cpu: 2, cpu_reservation: 1, cpu_hard_limit: true'),
    ['services.a.resources.cpu_hard_limit: the hard limit would be the reservation of 1 cores, not 2'],
  ],
  [
    'a hard limit of cores',
    'cpu-hard-limit',
    withResources('cores: 2, cpu_hard_limit: true'),
    ['services.a.resources.cpu_hard_limit: cores are whole ones, which need no hard limit'],
  ],
  [
    'a hard limit without a container',
    'cpu-hard-limit',
    'services: {a: {driver: exec, command: x, resources: {cpu: 1, cpu_hard_limit: true}}}',
    ['services.a.resources.cpu_hard_limit: the driver exec has no hard limit'],
  ],
  ['a hard limit alone', 'cpu-hard-limit', withResources('cpu: 2, cpu_hard_limit: true'), []],
  [
    'a limit above the reservation',
    'memory-max-ignored',
    withResources('memory: 2GB, memory_reservation: 1536MB'),
    [
      'services.a.resources.memory_reservation: the limit of 2GB is reserved, not 1536MB: the cluster has no memory oversubscription',
    ],
  ],
  ['no reservation', 'memory-max-ignored', withResources('memory: 2GB'), []],
  [
    'a cluster with oversubscription',
    'memory-max-ignored',
    `cluster: {memory_oversubscription: true}\n${withResources('memory: 2GB, memory_reservation: 1GB')}`,
    [],
  ],
  [
    'tmpfs that do not fit together',
    'tmpfs-over-memory',
    withResources('memory: 512MB', ', tmpfs: {/a: {size: 300MB}, /b: {size: 300MB}}'),
    ['services.a.tmpfs: 600MB of tmpfs do not fit into the memory of 512MB'],
  ],
  [
    'tmpfs that fit',
    'tmpfs-over-memory',
    withResources('memory: 512MB', ', tmpfs: {/a: {size: 256MB}, /b: {size: 256MB}, /c: {}}'),
    [],
  ],
  [
    'tmpfs of more than half',
    'tmpfs-large',
    withResources('memory: 512MB', ', tmpfs: {/a: {size: 257MB}}'),
    ['services.a.tmpfs: 257MB of tmpfs may take more than half of the 512MB of memory'],
  ],
  ['tmpfs of half', 'tmpfs-large', withResources('memory: 512MB', ', tmpfs: {/a: {size: 256MB}}'), []],
  ['tmpfs of more than all', 'tmpfs-large', withResources('memory: 512MB', ', tmpfs: {/a: {size: 1GB}}'), []],
]

describe('rules on resources', () => testCases(CASES))
