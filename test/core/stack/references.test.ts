import { describe, expect, it } from 'vitest'
import { jobValues, serviceReferences } from '../../../src/core/stack/references.ts'
import type { Job } from '../../../src/core/stack/stack.ts'
import { aStack } from '../../helpers/a-stack.ts'

function theJob(): Job {
  const job = aStack({
    environments: { shared: { S: { service: 'a' } } },
    services: {
      it: {
        image: 'i:1',
        env_from: ['shared'],
        env: { E: ['x', { service: 'b', wait: false }, { service: 'c' }] },
        entrypoint: [['--x=', { service: 'd' }]],
        command: ['y', [{ service: 'e' }]],
        files: { '/f': { content: '@F@', values: { F: { service: 'f' } } } },
        checks: [{ type: 'tcp' }, { type: 'script', command: ['z', [{ service: 'g' }]] }],
        init: { one: { image: 'i:1', env: { I: { service: 'h' } } } },
        sidecars: { two: { image: 'i:1', command: [[{ service: 'i' }]] } },
      },
    },
  }).jobs[0]
  if (!job) throw new Error('no job')
  return job
}

describe('serviceReferences', () => {
  it('finds every address, wherever it is written, with its place', () => {
    const found = serviceReferences(theJob()).map(({ reference, path, holder }) => [
      reference.service,
      path.join('.'),
      holder.place,
      holder.task.name,
    ])
    expect(found).toEqual([
      ['h', 'services.it.init.one.env.I', 'env', 'one'],
      ['b', 'services.it.env.E', 'env', 'it'],
      ['c', 'services.it.env.E', 'env', 'it'],
      ['a', 'environments.shared.S', 'env', 'it'],
      ['e', 'services.it.command.1', 'command', 'it'],
      ['d', 'services.it.entrypoint.0', 'entrypoint', 'it'],
      ['f', 'services.it.files./f', 'file', 'it'],
      ['i', 'services.it.sidecars.two.command.0', 'command', 'two'],
      ['g', 'services.it.checks.1.command.1', 'check', 'it'],
    ])
  })

  it('knows the values without references too', () => {
    const names = jobValues(theJob()).map(({ place, name }) => `${place} ${name}`)
    expect(names).toContain('check script-2')
    expect(names).toContain('file /f')
    expect(names.filter((name) => name === 'command command')).toHaveLength(3)
  })
})
