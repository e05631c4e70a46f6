import { describe, expect, it } from 'vitest'
import { dockerNetwork, homeNetwork, mayTalk } from '../../../src/core/plan/isolation.ts'
import {
  consulName,
  findPort,
  hasService,
  portLabel,
  publishedLabel,
  serviceName,
} from '../../../src/core/plan/names.ts'
import type { Job } from '../../../src/core/stack/stack.ts'
import { aStack } from '../../helpers/a-stack.ts'

const stack = aStack({
  services: {
    my_app: {
      image: 'a:1',
      networks: ['a', 'b'],
      ports: { web: 80, 'api-v2': { container: 81, publish: 'my-net:81' } },
    },
    checked: { image: 'a:1', networks: ['b'], checks: [{ type: 'script', command: 'x' }] },
    alone: { image: 'a:1', networks: [] },
    plain: { image: 'a:1' },
  },
})
const job = (name: string): Job => stack.jobs.find((one) => one.name === name) as Job

describe('names', () => {
  it('of services', () => {
    expect(consulName('a_b-c')).toBe('a-b-c')
    expect([undefined, 'web', 'api-v2'].map((port) => serviceName(job('my_app'), port))).toEqual([
      'my-app',
      'my-app',
      'my-app-api-v2',
    ])
    expect(serviceName(job('checked'))).toBe('checked')
  })

  it('of ports', () => {
    expect(job('my_app').ports.map(portLabel)).toEqual(['web', 'api_v2'])
    expect(job('my_app').ports.map(publishedLabel)).toEqual(['web_published', 'api_v2_my_net'])
    expect([undefined, 'web', 'api-v2', 'x'].map((name) => findPort(job('my_app'), name)?.container)).toEqual(
      [80, 80, 81, undefined],
    )
  })

  it('who is seen in Consul', () => {
    expect(['my_app', 'checked', 'alone'].map((name) => hasService(job(name)))).toEqual([true, true, false])
  })
})

describe('networks', () => {
  it('who may talk to whom', () => {
    expect(mayTalk(job('my_app'), job('checked'))).toBe(true)
    expect(mayTalk(job('my_app'), job('plain'))).toBe(false)
    expect(mayTalk(job('alone'), job('alone'))).toBe(false)
  })

  it('where a job lives', () => {
    expect(['my_app', 'plain', 'alone'].map((name) => dockerNetwork(stack, homeNetwork(job(name))))).toEqual([
      'shop_a',
      'shop_default',
      'shop_default',
    ])
  })
})
