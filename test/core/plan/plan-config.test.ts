import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../../src/core/spec/drivers/check-config.ts'
import { serviceIn, taskOf } from './planned.ts'

const VOLUMES = {
  docked: { type: 'docker', driver: 'nfs', options: { o: 'addr=x' } },
  plain: { type: 'docker' },
  hosted: { type: 'host' },
}
/** Everything that a task in a container may have. */
const CONTAINER = {
  image: 'a:1',
  entrypoint: ['/bin/sh', '-c'],
  command: 'run --fast',
  user: '1000:1000',
  work_dir: '/app',
  read_only: true,
  security_opt: ['no-new-privileges:true'],
  cap_add: ['net_admin'],
  cap_drop: ['all'],
  ulimits: { nofile: 1024, nproc: { soft: 1, hard: 2 } },
  labels: { 'e2i.service': 'x' },
  ports: { web: { container: 80, publish: 8080 } },
  resources: { cpu: 1, cpu_hard_limit: true },
  tmpfs: { '/tmp': { size: '10MB', mode: '1770' }, '/run': {} },
  volumes: [
    { host: '/h', to: '/a' },
    { host: '/h', to: '/b', read_only: true },
    { volume: 'docked', to: '/c' },
    { volume: 'plain', to: '/d', read_only: true },
    { volume: 'hosted', to: '/e', read_only: true },
  ],
  files: { '/etc/x.conf': { content: 'x' } },
}
const config = (it: object, rest: object = {}, task = 'it') =>
  taskOf({ volumes: VOLUMES, secrets: { s: {} }, ...rest, services: { it } }, task).config

describe('docker', () => {
  it('has a word for everything', () => {
    const planned = config(CONTAINER)
    expect(planned).toEqual({
      image: 'a:1',
      entrypoint: ['/bin/sh', '-c'],
      command: 'run',
      args: ['--fast'],
      work_dir: '/app',
      readonly_rootfs: true,
      security_opt: ['no-new-privileges:true'],
      cap_add: ['net_admin'],
      cap_drop: ['all'],
      ulimit: { nofile: '1024:1024', nproc: '1:2' },
      cpu_hard_limit: true,
      labels: { 'e2i.service': 'x' },
      mount: [
        { type: 'bind', target: '/a', source: '/h' },
        { type: 'bind', target: '/b', source: '/h', readonly: true },
        {
          type: 'volume',
          target: '/c',
          source: 'shop_docked',
          volume_options: { driver_config: { name: 'nfs', options: { o: 'addr=x' } } },
        },
        { type: 'volume', target: '/d', source: 'shop_plain', readonly: true },
        { type: 'bind', target: '/etc/x.conf', source: 'local/etc/x.conf', readonly: true },
        { type: 'tmpfs', target: '/tmp', tmpfs_options: { size: 10_485_760, mode: 0o1770 } },
        { type: 'tmpfs', target: '/run' },
      ],
    })
    expect(checkConfig('docker', planned ?? {}, [])).toEqual([])
  })

  it('a volume of Nomad is mounted by Nomad', () => {
    expect(taskOf({ volumes: VOLUMES, services: { it: CONTAINER } }).volume_mount).toEqual([
      { volume: 'hosted', destination: '/e', read_only: true },
    ])
  })

  it('nothing that is not asked for', () => expect(config({ image: 'a:1' })).toEqual({ image: 'a:1' }))

  it.each([
    ['run --fast x', { command: 'run', args: ['--fast', 'x'] }],
    ['run', { command: 'run' }],
    // What starts with a flag is for the entrypoint of the image.
    ['--fast x', { args: ['--fast', 'x'] }],
    [['-c', 'x y'], { args: ['-c', 'x y'] }],
    // The driver refuses a command with blanks at its ends, such as a script for a shell.
    [['one\ntwo\n'], { args: ['one\ntwo\n'] }],
    [[' a', 'b'], { args: [' a', 'b'] }],
  ])('command %j', (command, planned) => {
    expect(config({ image: 'a:1', command })).toEqual({ image: 'a:1', ...planned })
  })

  it('its own keys win over derived ones, and are protected like them', () => {
    const own = { image: 'b:2', shm_size: 64, args: ['${NOPE}', '${A}'] }
    expect(config({ image: 'a:1', env: { A: 1 }, config: own })).toEqual({
      image: 'b:2',
      shm_size: 64,
      args: ['$${NOPE}', '${A}'],
    })
  })

  it('an argument known at run time is a variable', () => {
    expect(
      config({ image: 'a:1', entrypoint: ['e', [{ secret: 's' }]], command: ['c', ['-p', { secret: 's' }]] }),
    ).toEqual({
      image: 'a:1',
      entrypoint: ['e', '${DROVER_ARGUMENT_1}'],
      command: 'c',
      args: ['${DROVER_ARGUMENT_2}'],
    })
  })

  it('ports and labels belong to the main task', () => {
    const it = { ...CONTAINER, sidecars: { s: { image: 's:1' } }, init: { i: { image: 'i:1' } } }
    const docker = { cluster: { isolation: 'docker' } }
    expect(config(it, docker)?.ports).toEqual(['web'])
    expect(config(it, docker, 's')).toEqual({ image: 's:1', network_mode: 'shop_default' })
    expect(config(it, {}, 'i')).toEqual({ image: 'i:1' })
  })
})

describe('podman', () => {
  it('has its own words', () => {
    const { resources, volumes, ...rest } = CONTAINER
    const planned = config({
      ...rest,
      volumes: volumes.filter((one) => one.volume !== 'docked'),
      driver: 'podman',
    })
    expect(planned).toEqual({
      image: 'a:1',
      entrypoint: ['/bin/sh', '-c'],
      command: 'run',
      args: ['--fast'],
      working_dir: '/app',
      readonly_rootfs: true,
      security_opt: ['no-new-privileges:true'],
      cap_add: ['net_admin'],
      cap_drop: ['all'],
      ulimit: { nofile: '1024:1024', nproc: '1:2' },
      labels: { 'e2i.service': 'x' },
      volumes: ['/h:/a', '/h:/b:ro', 'shop_plain:/d:ro', 'local/etc/x.conf:/etc/x.conf:ro'],
      tmpfs: ['/tmp:size=10485760,mode=1770', '/run'],
    })
    expect(checkConfig('podman', planned ?? {}, [])).toEqual([])
  })

  it('caps the cpu when asked to', () => {
    expect(config({ image: 'a:1', driver: 'podman', resources: { cpu: 1, cpu_hard_limit: true } })).toEqual({
      image: 'a:1',
      cpu_hard_limit: true,
    })
  })
})

describe('exec and raw_exec', () => {
  it.each([
    ['exec', { cap_add: ['net_admin'], cap_drop: ['all'] }, { cap_add: ['net_admin'], cap_drop: ['all'] }],
    ['raw_exec', {}, {}],
  ])('%s: a program and its arguments', (driver, more, planned) => {
    const got = config({ driver, command: 'run "a b" -c', ...more })
    expect(got).toEqual({ command: 'run', args: ['a b', '-c'], ...planned })
    expect(checkConfig(driver, got ?? {}, [])).toEqual([])
    expect(config({ driver, command: '-x y' })).toMatchObject({ command: '-x', args: ['y'] })
  })

  it("the user is the task's", () => expect(taskOf(serviceIn({}, { user: 'app' })).user).toBe('app'))
})

describe('files', () => {
  const mounts = (files: object, more: object = {}) => {
    const { mount = [] } = config({ image: 'a:1', files, ...more }) as {
      mount?: { source: string; target: string }[]
    }
    return mount.map(({ source, target }) => `${source} ${target}`)
  }

  it.each([
    [
      'each file by itself',
      { '/etc/a/x': { content: '' }, '/etc/b/x': { content: '' } },
      ['local/etc/a/x /etc/a/x', 'local/etc/b/x /etc/b/x'],
    ],
    [
      'beside the secrets when it holds one',
      { '/etc/x': { content: '@S@', values: { S: { secret: 's' } } } },
      ['secrets/etc/x /etc/x'],
    ],
    ['not at all where Nomad mounts it', { '/local/x': { content: '' }, '/secrets/y': { content: '' } }, []],
    // A mount of the file itself would go on showing the old one.
    [
      'the whole folder when a change is signalled, once',
      {
        '/etc/a/x': { content: '', on_change: 'signal' },
        '/etc/a/y': { content: '', on_change: 'signal' },
        '/etc/a/z': { content: '' },
        '/etc/b/x': { content: '' },
      },
      ['local/etc/a /etc/a', 'local/etc/b/x /etc/b/x'],
    ],
    [
      'a neighbour with a secret by itself, since it lies elsewhere',
      {
        '/etc/a/x': { content: '', on_change: 'signal' },
        '/etc/a/y': { content: '@S@', values: { S: { secret: 's' } } },
      },
      ['local/etc/a /etc/a', 'secrets/etc/a/y /etc/a/y'],
    ],
  ])('%s', (_, files, planned) => expect(mounts(files)).toEqual(planned))
})
