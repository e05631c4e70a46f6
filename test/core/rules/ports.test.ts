import { describe } from 'vitest'
import { type RuleCase, testCases } from '../../helpers/rule-cases.ts'

const CASES: RuleCase[] = [
  [
    'a port under two names',
    'port-repeated',
    'services: {a: {image: "x:1", ports: {p: 80, q: {container: 80, publish: 80}, r: 81}}}',
    ['services.a.ports.q: the port 80 is already named "p"'],
  ],
  [
    'one label for two ports',
    'port-label-taken',
    'services: {a: {image: "x:1", ports: {p-1: 80, p_1: 81}}}',
    ['services.a.ports.p_1: "p_1" needs the label "p_1", which "p-1" has'],
  ],
  [
    'the label of a published port',
    'port-label-taken',
    'services: {a: {image: "x:1", ports: {p: {container: 80, publish: "loopback:80"}, p-loopback: 81}}}',
    ['services.a.ports.p-loopback: "p-loopback" needs the label "p_loopback", which "p" has'],
  ],
  [
    'ports of two labels',
    'port-label-taken',
    'services: {a: {image: "x:1", ports: {p: {container: 80, publish: 80}, p-loopback: 81}}}',
    [],
  ],
  [
    'a port on all addresses and the same on one',
    'address-taken',
    'services: {a: {image: "x:1", ports: {p: {container: 1, publish: 80}}}, b: {image: "x:1", ports: {q: {container: 2, publish: "lan:80"}}}}',
    ['services.b.ports.q.publish: the port 80 on lan is already taken by the port p of a'],
  ],
  [
    'a port on two addresses, two ports on one',
    'address-taken',
    'services: {a: {image: "x:1", ports: {p: {container: 1, publish: "wan:80"}, r: {container: 3, publish: "wan:81"}}}, b: {image: "x:1", ports: {q: {container: 2, publish: "lan:80"}}}}',
    [],
  ],
  [
    'a program on the node itself',
    'address-taken',
    'services: {a: {driver: raw_exec, command: x, ports: {p: 80}}, b: {image: "x:1", ports: {q: {container: 2, publish: 80}}}}',
    ['services.b.ports.q.publish: the port 80 is already taken by the port p of a'],
  ],
  [
    'an unknown host network',
    'loopback-without-host-network',
    'cluster: {host_networks: [lan]}\nservices: {a: {image: "x:1", ports: {p: {container: 1, publish: "lan:80"}, q: {container: 2, publish: "127.0.0.1:81"}}}}',
    ['services.a.ports.q.publish: the host network "loopback" is not in cluster.host_networks'],
  ],
  [
    'one fixed port for several allocations',
    'static-port-count',
    `services:
  a: {image: 'x:1', count: 2, ports: {p: {container: 1, publish: 80}}}
  b: {image: 'x:1', update: {canary: 1}, ports: {p: {container: 1, publish: 81}}}
workers: {c: {image: 'x:1', queues: [q], scale: {max: 3}, ports: {p: {container: 1, publish: 82}}}}`,
    [
      'services.a.ports.p.publish: up to 2 allocations at once all want the port 80 of their node',
      'services.b.ports.p.publish: up to 2 allocations at once all want the port 81 of their node',
      'workers.c.ports.p.publish: up to 3 allocations at once all want the port 82 of their node',
    ],
  ],
  [
    'fixed ports of one allocation a node',
    'static-port-count',
    `services:
  a: {image: 'x:1', ports: {p: {container: 1, publish: 80}}}
  b: {image: 'x:1', count: 5, ports: {p: 1}}
system: {c: {image: 'x:1', ports: {p: {container: 1, publish: 82}}}}`,
    [],
  ],
  [
    'ports without a network',
    'ports-without-network',
    'services: {a: {image: "x:1", networks: [], ports: {p: 1}}, b: {image: "x:1", networks: [], checks: [{type: script, command: ok}]}}',
    ['services.a.networks: has no network, but ports'],
  ],
  [
    'host names in bridge mode',
    'hostname-in-bridge',
    'services: {a: {image: "x:1", hostname: a, sidecars: {b: {image: "x:1", hostname: b}}}, c: {image: "x:1", config: {hostname: c}}}',
    [
      'services.a.sidecars.b.hostname: a container in bridge mode can have no host name of its own',
      'services.c.config.hostname: a container in bridge mode can have no host name of its own',
    ],
  ],
  [
    'host names in docker networks',
    'hostname-in-bridge',
    'cluster: {isolation: docker}\nservices: {a: {image: "x:1", sidecars: {b: {image: "x:1", hostname: b}}}}',
    [],
  ],
  [
    'networks that nothing keeps apart',
    'networks-not-isolated',
    'networks: {n: {}, m: {}}',
    ['networks: n, m are not kept apart on the cluster: cluster.isolation is none'],
  ],
  ['one network', 'networks-not-isolated', 'networks: {n: {}}', []],
  [
    'networks with intentions',
    'networks-not-isolated',
    'cluster: {isolation: intentions}\nnetworks: {n: {}, m: {}}',
    [],
  ],
  [
    'more networks than docker joins',
    'docker-one-network',
    'cluster: {isolation: docker}\nnetworks: {n: {}, m: {}}\nservices: {a: {image: "x:1", networks: [n, m]}, b: {image: "x:1", networks: [m]}}',
    ['services.a.networks: lives in n; m is reached through ports of the node'],
  ],
  [
    'the same with intentions',
    'docker-one-network',
    'cluster: {isolation: intentions}\nnetworks: {n: {}, m: {}}\nservices: {a: {image: "x:1", networks: [n, m]}}',
    [],
  ],
  [
    'another driver beside docker networks',
    'isolation-needs-docker',
    'cluster: {isolation: docker}\nservices: {a: {driver: podman, image: "x:1"}, b: {driver: exec, command: x, networks: []}, c: {image: "x:1"}}',
    ['services.a.driver: the driver podman joins no docker network, so default does not hold it'],
  ],
  [
    'addresses of allocations on many nodes',
    'addresses-need-one-node',
    'cluster: {addresses: allocation}',
    ['cluster.addresses: addresses of allocations are handed out to jobs on other nodes'],
  ],
  [
    'addresses of allocations on one node',
    'addresses-need-one-node',
    'cluster: {addresses: allocation, nodes: one}',
    [],
  ],
]

describe('rules on ports and networks', () => testCases(CASES))
