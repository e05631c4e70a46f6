import { describe, expect, it } from 'vitest'
import { lint } from '../../helpers/a-stack.ts'
import { type RuleCase, testCases } from '../../helpers/rule-cases.ts'

const CASES: RuleCase[] = [
  [
    'containers without an image',
    'missing-image',
    'services: {a: {sidecars: {s: {driver: podman}}}, b: {config: {image: "x:1"}}, c: {driver: exec, command: x}}',
    [
      'services.a: the driver docker needs an image',
      'services.a.sidecars.s: the driver podman needs an image',
    ],
  ],
  [
    'programs without a command',
    'missing-command',
    'services: {a: {driver: exec}, b: {driver: raw_exec, config: {command: x}}, c: {image: "x:1"}}\nworkers: {w: {driver: exec, queues: [q], scale: {max: 1}, celery: {app: x}}}',
    ['services.a: the driver exec needs a command'],
  ],
  [
    'fields of containers',
    'not-for-driver',
    `services:
  a: {driver: exec, command: x, image: 'x:1', entrypoint: [x], tmpfs: {/a: {}}, read_only: true, security_opt: [x], ulimits: {nofile: 1}, hostname: a, labels: {a: b}, cap_add: [NET_RAW]}
  b: {driver: raw_exec, command: x, cap_drop: [ALL], work_dir: /, ports: {p: {container: 80, publish: 81}}}`,
    [
      'services.a.image: the driver exec has no image',
      'services.a.entrypoint: the driver exec has no entrypoint',
      'services.a.tmpfs: the driver exec has no tmpfs',
      'services.a.read_only: the driver exec has no read_only',
      'services.a.security_opt: the driver exec has no security_opt',
      'services.a.ulimits: the driver exec has no ulimits',
      'services.a.hostname: the driver exec has no hostname',
      'services.a.labels: the driver exec has no labels',
      'services.b.cap_drop: the driver raw_exec has no cap_drop',
      'services.b.ports.p.publish: the driver raw_exec maps no ports: the program itself listens on 80 of the node',
    ],
  ],
  [
    'the same in a container',
    'not-for-driver',
    'services: {a: {driver: podman, image: "x:1", entrypoint: [x], tmpfs: {/a: {}}, read_only: true, security_opt: [x], ulimits: {nofile: 1}, labels: {a: b}}}',
    [],
  ],
  [
    'volumes without a container',
    'volume-not-for-driver',
    `volumes: {d: {type: docker}, h: {type: host}}
services:
  a: {driver: exec, command: x, volumes: [{volume: d, to: /d}, {volume: h, to: /h}, {host: /srv, to: /srv}]}
  b: {driver: raw_exec, command: x, volumes: [{volume: h, to: /h}]}
  c: {image: 'x:1', volumes: [{volume: d, to: /d}]}`,
    [
      'services.a.volumes.0: the driver exec mounts no docker volumes',
      'services.a.volumes.2: the driver exec mounts no paths of the node',
      'services.b.volumes.0: the driver raw_exec mounts no volumes',
    ],
  ],
  [
    'files outside the folder of the task',
    'file-outside-task',
    'services: {a: {driver: exec, command: x, files: {/etc/a: {content: a}, /local/a: {content: a}, /secrets/a: {content: a}, /local/: {content: a}}}, b: {image: "x:1", files: {/etc/a: {content: a}}}}',
    [
      'services.a.files./etc/a: with the driver exec a file must lie below /local or /secrets',
      'services.a.files./local/: with the driver exec a file must lie below /local or /secrets',
    ],
  ],
  [
    'paths of the node',
    'host-path-refused',
    'services: {a: {image: "x:1", volumes: [{host: /proc, to: /p}]}, b: {driver: podman, image: "x:1", volumes: [{host: /proc, to: /p}]}}',
    ['services.a.volumes.0.host: cluster.docker_volumes is not set, so /proc of the node may not be mounted'],
  ],
  [
    'paths of the node where they are allowed',
    'host-path-refused',
    'cluster: {docker_volumes: true}\nservices: {a: {image: "x:1", volumes: [{host: /proc, to: /p}]}}',
    [],
  ],
  [
    'keys that a driver does not have',
    'unknown-key',
    'services: {a: {image: "x:1", config: {securty_opt: [], mount: [{typ: bind}]}}, b: {driver: exec, command: x, config: {image: x}}}',
    [
      'services.a.config.mount.0.typ: unknown key "typ"',
      'services.a.config.securty_opt: unknown key "securty_opt"',
      'services.b.config.image: unknown key "image"',
    ],
  ],
  [
    'keys that it has',
    'unknown-key',
    'services: {a: {image: "x:1", config: {init: true, sysctl: {a: b}}}}',
    [],
  ],
  [
    'values of the wrong kind',
    'wrong-type',
    'services: {a: {image: "x:1", config: {init: "yes", pids_limit: 1}}}',
    ['services.a.config.init: expected true or false, got the text "yes"'],
  ],
  [
    'keys that the stack has a field for',
    'config-overrides-field',
    'services: {a: {image: "x:1", config: {mount: [], init: true}}, b: {driver: exec, command: x, config: {args: [], ipc_mode: host}}}',
    [
      'services.a.config.mount: `mount` replaces what Drover derives from `volumes`, `files` and `tmpfs`',
      'services.b.config.args: `args` replaces what Drover derives from `command`',
    ],
  ],
  [
    'images without a version',
    'image-latest',
    `services:
  a: {image: x}
  b: {image: 'x:latest', init: {i: {image: 'registry:5000/x'}}}
  c: {image: 'registry:5000/x:1'}
  d: {image: 'x@sha256:0123'}
  e: {image: 'x:latest@sha256:0123'}
  f: {driver: exec, command: x}`,
    [
      'services.a.image: the image "x" has no tag',
      'services.b.init.i.image: the image "registry:5000/x" has no tag',
      'services.b.image: the image "x:latest" has the tag latest',
    ],
  ],
]

const MOUNTS: RuleCase[] = [
  [
    'one path for two mounts',
    'mount-target-taken',
    `volumes: {v: {type: docker}}
services:
  a: {image: 'x:1', volumes: [{volume: v, to: /d/}, {host: /x, to: /e}], tmpfs: {/d: {}, /local: {}}, files: {/e: {content: a}, /local/a: {content: a}, /d/a: {content: a}}}`,
    [
      'services.a.tmpfs./d: "/d" is already mounted by the volume v',
      'services.a.tmpfs./local: "/local" is already mounted by Nomad',
      'services.a.files./e: "/e" is already mounted by the path /x',
    ],
  ],
  [
    'a volume of several jobs, and one of several allocations',
    'volume-on-many-nodes',
    `volumes: {v: {type: host}, w: {type: dynamic}, x: {type: docker}}
services:
  a: {image: 'x:1', volumes: [{volume: v, to: /v}, {volume: x, to: /x}]}
  b: {image: 'x:1', volumes: [{volume: v, to: /v}]}
workers: {c: {image: 'x:1', queues: [q], scale: {max: 3}, volumes: [{volume: w, to: /w}]}}`,
    [
      'volumes.v: a, b share this host volume and may run on different nodes',
      'volumes.w: up to 3 allocations of c share this dynamic volume and may run on different nodes',
    ],
  ],
  [
    'volumes that are the same everywhere, pinned jobs, a system job',
    'volume-on-many-nodes',
    `volumes:
  csi: {type: csi, access_mode: multi-node-multi-writer}
  nfs: {type: docker, options: {type: nfs, device: ':/x'}}
  plugin: {type: docker, driver: rexray}
  local: {type: docker}
  own: {type: host}
services:
  a: &a {image: 'x:1', constraints: [{attribute: '\${node.unique.name}', value: n1}], volumes: [{volume: csi, to: /1}, {volume: nfs, to: /2}, {volume: plugin, to: /3}, {volume: local, to: /4}]}
  b: *a
system: {c: {image: 'x:1', volumes: [{volume: own, to: /v}]}}`,
    [],
  ],
  [
    'a cluster of one node',
    'volume-on-many-nodes',
    'cluster: {nodes: one}\nvolumes: {v: {type: host}}\nservices: {a: {image: "x:1", count: 2, volumes: [{volume: v, to: /v}]}, b: {image: "x:1", volumes: [{volume: v, to: /v}]}}',
    [],
  ],
]

describe('rules on drivers', () => testCases(CASES))
describe('rules on mounts', () => testCases(MOUNTS))

describe('an unknown key of a driver', () => {
  it('comes with the key that was meant', () => {
    const [issue] = lint('services: {a: {image: "x:1", config: {securty_opt: []}}}').filter(
      ({ code }) => code === 'unknown-key',
    )
    expect(issue?.fix).toBe('did you mean "security_opt"?')
  })
})
