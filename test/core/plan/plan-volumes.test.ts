import { describe, expect, it } from 'vitest'
import { planJobs } from '../../../src/core/plan/plan-jobs.ts'
import { planVolumeFiles } from '../../../src/core/plan/plan-volume-files.ts'
import { aStack } from '../../helpers/a-stack.ts'
import { groupOf, serviceIn, taskOf } from './planned.ts'

const claim = (volume: object, mount: object = {}, more: object = {}) =>
  groupOf(serviceIn({ volumes: { v: volume } }, { volumes: [{ volume: 'v', to: '/v', ...mount }], ...more }))
    .volume?.v

describe('the claims of a group', () => {
  it.each([
    ['host', { type: 'host' }, {}, { type: 'host', source: 'v' }],
    [
      'host, read only: that is up to the mount',
      { type: 'host', source: 's' },
      { read_only: true },
      { type: 'host', source: 's' },
    ],
    [
      'dynamic: readers and writers in one way',
      { type: 'dynamic' },
      { read_only: true },
      { type: 'host', source: 'v', access_mode: 'single-node-multi-writer', attachment_mode: 'file-system' },
    ],
    [
      'csi',
      { type: 'csi', source: 's', access_mode: 'single-node-writer' },
      {},
      { type: 'csi', source: 's', access_mode: 'single-node-writer', attachment_mode: 'file-system' },
    ],
    [
      'csi with options of the mount',
      {
        type: 'csi',
        access_mode: 'multi-node-multi-writer',
        attachment_mode: 'block-device',
        fs_type: 'xfs',
        mount_flags: ['a'],
      },
      {},
      {
        type: 'csi',
        source: 'v',
        access_mode: 'multi-node-multi-writer',
        attachment_mode: 'block-device',
        mount_options: { fs_type: 'xfs', mount_flags: ['a'] },
      },
    ],
    [
      'csi that is only read',
      { type: 'csi', access_mode: 'multi-node-single-writer' },
      { read_only: true },
      {
        type: 'csi',
        source: 'v',
        read_only: true,
        access_mode: 'multi-node-single-writer',
        attachment_mode: 'file-system',
      },
    ],
    [
      'csi that can only be read',
      { type: 'csi', access_mode: 'multi-node-reader-only' },
      {},
      {
        type: 'csi',
        source: 'v',
        read_only: true,
        access_mode: 'multi-node-reader-only',
        attachment_mode: 'file-system',
      },
    ],
    ['docker: a mount of the driver', { type: 'docker' }, {}, undefined],
  ])('%s', (_, volume, mount, planned) => expect(claim(volume, mount)).toEqual(planned))

  it('one that writes is enough to claim it for writing', () => {
    const csi = { type: 'csi', access_mode: 'multi-node-multi-writer' }
    const sidecars = { s: { image: 's:1', volumes: [{ volume: 'v', to: '/w' }] } }
    expect(claim(csi, { read_only: true }, { sidecars })).not.toHaveProperty('read_only')
  })

  it('every task mounts what it asks for', () => {
    const written = serviceIn(
      { volumes: { v: { type: 'host' }, w: { type: 'dynamic' } } },
      {
        volumes: [{ volume: 'v', to: '/v' }],
        sidecars: { s: { image: 's:1', volumes: [{ volume: 'w', to: '/w', read_only: true }] } },
      },
    )
    expect(Object.keys(groupOf(written).volume ?? {})).toEqual(['v', 'w'])
    expect(taskOf(written).volume_mount).toEqual([{ volume: 'v', destination: '/v' }])
    expect(taskOf(written, 's').volume_mount).toEqual([{ volume: 'w', destination: '/w', read_only: true }])
  })
})

describe('planVolumeFiles', () => {
  const files = (written: object) => {
    const stack = aStack(written)
    return planVolumeFiles(stack, planJobs(stack).jobs)
  }
  const user = { image: 'a:1', volumes: [{ volume: 'v', to: '/v' }] }

  it('a specification for each dynamic volume that is claimed', () => {
    const volumes = {
      v: { type: 'dynamic', capacity: '1GB', uid: 0, gid: 70, mode: '0750' },
      unused: { type: 'dynamic' },
      h: { type: 'host' },
    }
    expect(files({ cluster: { namespace: 'prod' }, volumes, services: { it: user } })).toEqual([
      {
        path: 'volumes/v.volume.hcl',
        text: [
          'name = "v"\n',
          'type = "host"\n',
          'plugin_id = "mkdir"\n',
          'namespace = "prod"\n',
          'capacity_min = "1024MiB"\n',
          '\ncapability {\naccess_mode = "single-node-multi-writer"\nattachment_mode = "file-system"\n}\n',
          '\nparameters {\nuid = "0"\ngid = "70"\nmode = "0750"\n}\n',
        ].join(''),
      },
    ])
  })

  it('also when only a task uses it that runs before another job', () => {
    const stack = {
      volumes: { v: { type: 'dynamic' } },
      batch: { first: user },
      services: { it: { image: 'a:1', depends_on: { first: 'completed' } } },
    }
    expect(files(stack).map(({ path }) => path)).toEqual(['volumes/v.volume.hcl'])
  })

  it('none for a job that is not rendered', () => {
    expect(
      files({ volumes: { v: { type: 'dynamic' } }, services: { it: { ...user, profiles: ['p'] } } }),
    ).toEqual([])
  })
})
