import { describe, expect, it } from 'vitest'
import { summarizeJob } from '../../src/core/job-summary.ts'
import { planJobs } from '../../src/core/plan/plan-jobs.ts'
import { aStack } from '../helpers/a-stack.ts'

const RESOURCES = { cpu: 1, cpu_reservation: 0.1, memory: '1GB', memory_reservation: '256MB' }
const T = { image: 'a:1', resources: RESOURCES }

function summary(stack: object) {
  const [job] = planJobs(aStack(stack)).jobs
  return job && summarizeJob(job)
}

describe('summarizeJob', () => {
  it.each([
    ['services', { count: 3 }, 'service', '3'],
    ['services', {}, 'service', '1'],
    ['workers', { queues: ['q'], scale: { min: 1, max: 4 } }, 'worker', '1..4'],
    ['batch', {}, 'batch', '1'],
    ['periodic', { cron: '@daily' }, 'periodic', '1'],
    ['system', {}, 'system', 'each node'],
  ])('%s %j: %s, %s', (section, more, kind, count) => {
    expect(summary({ [section]: { it: { ...T, ...more } } })).toMatchObject({ job: 'it', kind, count })
  })

  it('adds up what one allocation takes, but for what ends before it', () => {
    const services = {
      it: {
        ...T,
        checks: [{ type: 'script', command: 'x' }, { type: 'tcp' }],
        ports: { p: 1 },
        sidecars: { s: { image: 's:1', resources: { cpu: 0.2 } } },
        init: { i: T },
      },
    }
    expect(summary({ cluster: { memory_oversubscription: true }, services })).toEqual({
      job: 'it',
      kind: 'service',
      count: '1',
      cpu: 0.3,
      cpuLimit: 1.2,
      memoryMb: 556,
      memoryLimitMb: 1324,
      checks: ['script', 'tcp'],
    })
  })

  it('says what is really reserved: the limit, without oversubscription', () => {
    expect(summary({ services: { it: T } })).toMatchObject({ memoryMb: 1024, memoryLimitMb: 1024 })
  })

  it('counts whole cores', () => {
    expect(summary({ services: { it: { image: 'a:1', resources: { cores: 2 } } } })).toMatchObject({
      cpu: 2,
      cpuLimit: 2,
    })
  })
})
