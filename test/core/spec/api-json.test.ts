import { describe, expect, it } from 'vitest'
import { toApiJob } from '../../../src/core/spec/api-json.ts'
import { checkBlock } from '../../../src/core/spec/check.ts'
import type { GroupSpec, JobSpec, TaskSpec } from '../../../src/core/spec/jobspec.ts'
import { layout } from '../../../src/core/spec/layout.ts'
import { everyField } from './all-fields.ts'
import { hasNomad, jobFromHcl, jobFromJson } from './nomad.ts'
import { renderWholeJob } from './whole-job.ts'

const withTask = (task: Omit<TaskSpec, 'driver'>, group: GroupSpec = {}): JobSpec => ({
  id: 'job',
  group: { main: { ...group, task: { main: { driver: 'docker', ...task } } } },
})
const withGroup = (group: GroupSpec): JobSpec => ({ id: 'job', group: { main: group } })

const JOBS: Record<string, JobSpec> = {
  'a service': {
    id: 'redis',
    type: 'service',
    datacenters: ['dc1', 'eu-*'],
    priority: 70,
    meta: { 'com.example.stack': 'demo' },
    update: {
      max_parallel: 1,
      health_check: 'checks',
      min_healthy_time: '10s',
      canary: 1,
      auto_promote: true,
    },
    constraint: [{ attribute: '${attr.kernel.name}', value: 'linux' }, { distinct_hosts: true }],
    spread: [
      {
        attribute: '${node.datacenter}',
        weight: 100,
        target: { dc1: { percent: 60 }, dc2: { percent: 40 } },
      },
    ],
    group: {
      redis: {
        count: 2,
        network: [
          {
            mode: 'bridge',
            dns: { servers: ['127.0.0.1'] },
            port: {
              redis: { static: 6379, to: 6379, host_network: 'loopback' },
              metrics: { to: 9121 },
              any: {},
            },
          },
        ],
        service: [
          {
            name: 'redis',
            provider: 'consul',
            port: 'redis',
            tags: ['a "quoted" tag'],
            meta: { version: '7' },
            check: [
              {
                type: 'script',
                task: 'redis',
                command: '/bin/sh',
                args: ['-c', 'redis-cli ping | grep PONG\n'],
                interval: '10s',
                timeout: '1m30s',
                check_restart: { limit: 3, grace: '1m', ignore_warnings: false },
              },
              {
                type: 'http',
                path: '/',
                interval: '10s',
                timeout: '2s',
                header: { 'X-A': ['1', '2'], 'X-B': [] },
              },
            ],
          },
        ],
        volume: { data: { type: 'host', source: 'redis', access_mode: 'single-node-writer' } },
        restart: { attempts: 3, interval: '5m', delay: '15s', mode: 'delay' },
        reschedule: { delay: '30s', delay_function: 'exponential', max_delay: '1h', unlimited: true },
        ephemeral_disk: { size: 500 },
        task: {
          redis: {
            driver: 'docker',
            config: { image: 'redis:7', ports: ['redis'], args: ['--maxmemory', '1gb'] },
            env: { TEXT: '${NOMAD_ALLOC_ID} $${x} %{if}', 'dotted.name': 'x' },
            volume_mount: [{ volume: 'data', destination: '/data', read_only: false }],
            resources: { cpu: 500, memory: 256, memory_max: 512 },
            logs: { max_files: 3, max_file_size: 10 },
            kill_timeout: '30s',
          },
        },
      },
    },
  },
  'a periodic batch job': {
    id: 'backup',
    type: 'batch',
    periodic: { crons: ['0 3 * * *'], prohibit_overlap: true, time_zone: 'Europe/Berlin' },
    group: {
      backup: {
        max_run_duration: '2h',
        restart: { attempts: 0, mode: 'fail' },
        reschedule: { attempts: 0, unlimited: false },
        task: { backup: { driver: 'exec', config: { command: '/bin/true', args: [] } } },
      },
    },
  },
  'a parameterized batch job': {
    id: 'dispatched',
    type: 'batch',
    parameterized: { payload: 'required', meta_required: ['a'], meta_optional: [] },
    group: {
      main: {
        task: { main: { driver: 'raw_exec', config: { command: 'x' }, dispatch_payload: { file: 'in' } } },
      },
    },
  },
  'a system job': {
    id: 'exporter',
    type: 'system',
    group: {
      main: {
        count: 1,
        task: { main: { driver: 'podman', config: { image: 'x', logging: { driver: 'journald' } } } },
      },
    },
  },
  'docker config': withTask({
    config: {
      image: 'x',
      entrypoint: ['/bin/sh', '-c', 'echo "$${HOME}" %{x}'],
      labels: { 'com.example.a': 'b', plain: 'c' },
      logging: { type: 'json-file', config: { 'max-size': '10m', 'max-file': '3' } },
      ulimit: { nofile: '262144:262144' },
      sysctl: { 'net.core.somaxconn': '16384' },
      auth: { username: 'u', password: 'p' },
      healthchecks: { disable: true },
      devices: [{ host_path: '/dev/a' }, { host_path: '/dev/b', container_path: '/dev/c' }],
      storage_opt: { size: '10G' },
      mount: [
        { type: 'tmpfs', target: '/tmp', tmpfs_options: { size: 67108864, mode: 1023 } },
        {
          type: 'bind',
          target: '/etc/x',
          source: 'local/x',
          readonly: true,
          bind_options: { propagation: 'private' },
        },
        {
          type: 'volume',
          target: '/data',
          source: 'v',
          volume_options: {
            no_copy: true,
            labels: { a: 'b' },
            driver_config: { name: 'local', options: { o: 'size=1g' } },
          },
        },
      ],
      readonly_rootfs: true,
      cpu_hard_limit: true,
      pids_limit: 100,
    },
  }),
  'config of an unknown driver': withTask({
    driver: 'java',
    config: { jar_path: 'a.jar', list: [{ a: { b: 1 } }], map: { a: { b: 1 } } },
  } as never),
  templates: withTask({
    template: [
      { data: 'A={{ key "a" }}\n', destination: 'secrets/env', env: true, error_on_missing_key: true },
      {
        data: 'no newline',
        destination: 'local/b',
        change_mode: 'signal',
        change_signal: 'SIGHUP',
        perms: '0600',
        splay: '0s',
      },
      {
        data: 'EOT\n${x}\n%{x}\n  indented\n\n',
        destination: 'local/c',
        left_delimiter: '[[',
        right_delimiter: ']]',
        uid: 0,
        gid: 10,
      },
      {
        source: 'local/t',
        destination: 'local/d',
        change_mode: 'script',
        change_script: { command: '/bin/x', fail_on_error: true },
        wait: { min: '5s', max: '10s' },
        once: true,
      },
    ],
  }),
  'artifacts, actions, secrets': withTask({
    artifact: [
      {
        source: 'https://example.com/a.tgz',
        destination: 'local/a',
        options: { checksum: 'md5:x' },
        headers: { X: 'y' },
      },
    ],
    action: { save: { command: 'redis-cli', args: ['BGSAVE'] }, ping: { command: 'redis-cli' } },
    secret: {
      db: {
        provider: 'vault',
        path: 'kv/db',
        config: { engine: 'kv_v2', options: { a: 'b' } },
        env: { A: 'b' },
      },
    },
    csi_plugin: { id: 'p', type: 'node', health_timeout: '1m' },
    shutdown_delay: '5s',
    leader: true,
    kill_signal: 'SIGINT',
  }),
  'identities: the default one is apart': withTask({
    vault: { role: 'r' },
    identity: [{ name: 'other', aud: ['x'], ttl: '1h' }, { env: true, file: true }, { name: 'third' }],
  }),
  'one identity, the default': withTask({ identity: [{ name: 'default', file: true }] }),
  lifecycle: withTask({
    lifecycle: { hook: 'prestart', sidecar: true },
    consul: { cluster: 'x' },
    user: 'root',
  }),
  scaling: withGroup({
    count: 0,
    scaling: {
      min: 0,
      max: 10,
      policy: {
        cooldown: '1m',
        target: { 'aws-asg': { size: 3 } },
        check: {
          cpu: {
            source: 'prometheus',
            query: 'avg(x{job="a"})',
            strategy: { 'target-value': { target: 70.5 } },
          },
          memory: { source: 'nomad-apm', strategy: { threshold: { upper_bound: 1, delta: -1 } } },
        },
      },
    },
    task: { main: { driver: 'docker', scaling: { cpu: { max: 1000, min: 100 }, mem: { max: 5 } } } },
  }),
  'constraints and affinities in short form': withGroup({
    constraint: [
      { attribute: 'a', version: '>= 1' },
      { attribute: 'a', semver: '>= 1.0.0' },
      { attribute: 'a', regexp: '^x\\.y$' },
      { attribute: 'a', set_contains: 'x,y' },
      { distinct_property: '${meta.rack}', value: '2' },
      { distinct_hosts: false },
      { attribute: 'a', operator: 'is_set' },
      { attribute: 'a', operator: '!=', value: 'b' },
      { attribute: 'a', operator: 'set_contains_any', value: 'b' },
    ],
    affinity: [
      { attribute: 'a', version: '>= 1', weight: -50 },
      { attribute: 'a', set_contains: 'x' },
      { attribute: 'a', set_contains_all: 'x' },
      { attribute: 'a', set_contains_any: 'x', weight: 10 },
      { attribute: 'a', value: 'b' },
    ],
  }),
  'csi volumes and disconnects': withGroup({
    volume: {
      data: {
        type: 'csi',
        source: 's',
        per_alloc: true,
        attachment_mode: 'file-system',
        mount_options: { fs_type: 'ext4', mount_flags: ['noatime'] },
      },
      more: { type: 'host', source: 't', read_only: true, sticky: true },
    },
    disconnect: { lost_after: '6h', replace: false, reconcile: 'keep_original' },
    migrate: { max_parallel: 2, health_check: 'task_states' },
    shutdown_delay: '5s',
    prevent_reschedule_on_lost: true,
  }),
  'service mesh': withGroup({
    service: [
      {
        name: 'api',
        port: '8080',
        connect: {
          sidecar_service: {
            proxy: {
              upstreams: [
                {
                  destination_name: 'redis',
                  local_bind_port: 6379,
                  mesh_gateway: { mode: 'local' },
                  config: { connect_timeout_ms: 100 },
                },
              ],
              config: { protocol: 'http', nested: { a: 'b' } },
              expose: {
                path: [
                  { path: '/metrics', protocol: 'http', local_path_port: 9090, listener_port: 'metrics' },
                ],
              },
              transparent_proxy: { exclude_outbound_ports: [1, 2], no_dns: true },
            },
          },
          sidecar_task: { resources: { cpu: 50 }, env: { A: 'b' }, logs: { max_files: 2 } },
        },
      },
      { name: 'empty', connect: { sidecar_service: {} } },
      { name: 'mesh', connect: { gateway: { mesh: {} } } },
      {
        name: 'ingress',
        connect: {
          gateway: {
            proxy: {
              connect_timeout: '500ms',
              envoy_gateway_bind_addresses: { a: { address: '0.0.0.0', port: 80 } },
            },
            ingress: {
              listener: [
                {
                  port: 80,
                  protocol: 'http',
                  service: [{ name: 'a', hosts: ['*'], request_headers: { add: { A: 'b' } } }],
                },
              ],
            },
          },
        },
      },
    ],
  }),
  'devices and cores': withTask({
    resources: {
      cores: 2,
      memory: 100,
      device: {
        'nvidia/gpu': {
          count: 2,
          constraint: [{ attribute: '${device.attr.memory}', operator: '>=', value: '2 GiB' }],
          affinity: [{ attribute: 'a', value: 'b' }],
        },
      },
      network: [{ port: { a: { static: 1 }, b: {} } }],
    },
  }),
  'empty blocks, lists and maps': withGroup({
    constraint: [],
    meta: {},
    update: {},
    volume: {},
    network: [{ port: {} }],
    task: { main: { driver: 'docker', config: {}, env: {}, logs: {}, service: [{ tags: [] }] } },
  }),
  'numbers and booleans where text is wanted': withTask({
    env: { A: 1, B: true, C: 1e22, D: 1e-7, E: -0.5 },
    meta: { 'a.b': 7 },
  } as never),
  'uncomposed accents': withTask({
    env: { E: 'e\u0301' },
    config: { image: 'A\u030a', labels: { 'u\u0308': 'o\u0308' } },
  }),
}

describe.skipIf(!hasNomad)(
  'toApiJob is the job that Nomad parses from the HCL form (needs nomad on PATH)',
  () => {
    it.each(Object.entries(JOBS))('%s', (_, spec) => {
      expect(jobFromJson(toApiJob(spec))).toBe(jobFromHcl(layout(renderWholeJob(spec))))
    })

    it('every attribute and block of the table', () => {
      expect(jobFromJson(toApiJob(everyField()))).toBe(jobFromHcl(layout(renderWholeJob(everyField()))))
    })

    it('the table leaves no field of the parsed job unset but those that the server sets', () => {
      const { Job } = JSON.parse(jobFromHcl(renderWholeJob(everyField())))
      expect([...unset(Job)].sort()).toEqual(SERVER_FIELDS)
    })
  },
)

const SERVER_FIELDS = [
  'ConsulNamespace',
  'CreateIndex',
  'DispatchIdempotencyToken',
  'Dispatched',
  // Fixed ports are moved from one list to the other.
  'DynamicPorts',
  'ExposeConfig',
  'ID',
  // The task's own identity, for which the sample has none: see "the default one is apart".
  'Identity',
  'JobModifyIndex',
  'ModifyIndex',
  'Namespace',
  'NomadTokenID',
  'ParentID',
  // A second, older name of the list of paths.
  'Path',
  'Payload',
  'ReservedPorts',
  'Stable',
  'Status',
  'StatusDescription',
  'Stop',
  'SubmitTime',
  'Target',
  'VaultNamespace',
  'Version',
  'VersionTag',
]

function unset(value: unknown, names = new Set<string>()): Set<string> {
  for (const [name, item] of Object.entries(value as object)) {
    if (item === null || item === '' || item === 0 || item === false) names.add(name)
    else if (typeof item === 'object') unset(item, names)
  }
  return names
}

describe('toApiJob', () => {
  it('gives durations in nanoseconds, fixed ports apart, and leaves out what is unset', () => {
    expect(
      toApiJob(
        withGroup({ network: [{ port: { a: { static: 80 }, b: { to: 1 } } }], shutdown_delay: '1.5s' }),
      ),
    ).toEqual({
      ID: 'job',
      Name: 'job',
      TaskGroups: [
        {
          Name: 'main',
          ShutdownDelay: 1_500_000_000,
          Networks: [{ ReservedPorts: [{ Label: 'a', Value: 80 }], DynamicPorts: [{ Label: 'b', To: 1 }] }],
        },
      ],
    })
  })

  it('keeps a name of its own', () =>
    expect(toApiJob({ id: 'a', name: 'b' })).toEqual({ ID: 'a', Name: 'b' }))

  it('refuses a key that the table does not know', () =>
    expect(() => toApiJob({ id: 'a', prioritty: 1 } as never)).toThrow('block job has no prioritty'))

  it.each(Object.entries(JOBS))('%s passes the check', (_, spec) =>
    expect(checkBlock('job', spec, [])).toEqual([]),
  )
})
