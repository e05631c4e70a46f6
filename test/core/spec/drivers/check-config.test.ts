import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { formatIssue } from '../../../../src/core/issue.ts'
import { DRIVER_BLOCKS } from '../../../../src/core/spec/drivers/blocks.ts'
import { checkConfig } from '../../../../src/core/spec/drivers/check-config.ts'
import { DRIVERS } from '../../../../src/core/spec/drivers/index.ts'

const problems = (driver: string, config: unknown) => checkConfig(driver, config, ['config']).map(formatIssue)

describe('checkConfig', () => {
  it.each([
    ['docker', { image: 'a', imagee: 'b' }, ['config.imagee: unknown key "imagee" (did you mean "image"?)']],
    [
      'docker',
      { image: 'a', securty_opt: [] },
      ['config.securty_opt: unknown key "securty_opt" (did you mean "security_opt"?)'],
    ],
    ['docker', {}, ['config.image: is required']],
    ['docker', undefined, ['config: is required']],
    ['docker', { image: '' }, ['config.image: must not be empty']],
    [
      'docker',
      { image: 'a', args: 'b' },
      ['config.args: expected a list, got the text "b" (write it as a list: ["…"])'],
    ],
    [
      'docker',
      { image: 'a', pids_limit: 1.5 },
      ['config.pids_limit: expected a whole number, got the number 1.5'],
    ],
    [
      'docker',
      { image: 'a', mount: [{ type: 'bnd' }] },
      ['config.mount[0].type: must be "bind", "volume" or "tmpfs", got "bnd" (did you mean "bind"?)'],
    ],
    [
      'docker',
      { image: 'a', mount: [{}, { tmpfs_options: { sise: 1 } }] },
      ['config.mount[1].tmpfs_options.sise: unknown key "sise" (did you mean "size"?)'],
    ],
    [
      'docker',
      { image: 'a', logging: { zzzz: 1 } },
      ['config.logging.zzzz: unknown key "zzzz" (known here: type, driver, config)'],
    ],
    [
      'docker',
      { image: 1, zz: 1, b: 2 },
      expect.arrayContaining([
        expect.stringContaining('config.image'),
        expect.stringContaining('config.zz'),
        expect.stringContaining('config.b'),
      ]),
    ],
    ['exec', { command: 'a', image: 'b' }, [expect.stringContaining('unknown key "image"')]],
    ['raw_exec', { args: [] }, ['config.command: is required']],
    [
      'podman',
      { image: 'a', work_dir: '/' },
      [expect.stringContaining('config.work_dir: unknown key "work_dir"')],
    ],
    [
      'docker',
      { image: 'a', auth: { password: 5 } },
      ['config.auth.password: expected a text, got a number'],
    ],
    [
      'dokcer',
      {},
      ['config: driver "dokcer" is unknown, so its config cannot be checked (did you mean docker?)'],
    ],
    [
      'qemu',
      {},
      [
        'config: driver "qemu" is unknown, so its config cannot be checked (known drivers: docker, exec, raw_exec, podman)',
      ],
    ],
  ])('%s %j', (driver, config, expected) => expect(problems(driver, config)).toEqual(expected))

  it.each([
    [
      'docker',
      {
        image: 'a',
        ulimit: { nofile: '1:2' },
        mount: [{ type: 'tmpfs', target: '/t', tmpfs_options: { size: 1, mode: 504 } }],
      },
    ],
    ['exec', { command: '/bin/a', args: ['b'], cap_add: ['net_raw'] }],
    ['raw_exec', { command: 'a', cgroup_v1_override: { pids: 'x' } }],
    [
      'podman',
      {
        image: 'a',
        entrypoint: 'b',
        tmpfs: ['/tmp'],
        logging: { driver: 'journald', options: { tag: 'x' } },
      },
    ],
  ])('%s accepts %j', (driver, config) => expect(problems(driver, config)).toEqual([]))
})

describe.each([...DRIVERS])('driver %s', (name, driver) => {
  it('is known by its own name', () => expect(driver.name).toBe(name))

  it('says of every key what it is', () => {
    const { properties } = z.toJSONSchema(driver.config()) as {
      properties: Record<string, { description?: string }>
    }
    expect(Object.entries(properties).filter(([, { description }]) => !description)).toEqual([])
  })

  it('names as blocks only keys that it has', () =>
    expect(Object.keys(driver.config().shape)).toEqual(
      expect.arrayContaining(Object.keys(DRIVER_BLOCKS[driver.name] ?? {})),
    ))
})

it('the drivers have as many keys as Nomad’s own: 58, 7, 7, 49', () =>
  expect([...DRIVERS].map(([name, { config }]) => [name, Object.keys(config().shape).length])).toEqual([
    ['docker', 58],
    ['exec', 7],
    ['raw_exec', 7],
    ['podman', 49],
  ]))
