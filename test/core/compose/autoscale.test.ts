import { describe, expect, it } from 'vitest'
import { parseYaml } from '../../../src/adapters/yaml.ts'
import { parseAutoscale } from '../../../src/core/compose/autoscale.ts'
import { formatIssue } from '../../../src/core/issue.ts'

const read = (text: string) => {
  const { autoscale, issues, keys } = parseAutoscale(parseYaml(text, 'autoscale.yml'))
  return {
    autoscale,
    keys,
    lines: issues.map(formatIssue),
    severities: issues.map(({ severity }) => severity),
  }
}

const SOUND = `
global: {check_interval_seconds: 60, redis_url: "\${URL}"}
workers:
  light:
    queues: [a, b] # both
    min_replicas: 1
    max_replicas: 4
    scale_up_threshold: 10
    cooldown_minutes: 2.5
advanced:
  schedule:
    off_hours: {enabled: true, max_replicas_override: {light: 2}}
`

describe('parseAutoscale', () => {
  it('reads a sound file', () => {
    const { autoscale, lines, keys } = read(SOUND)
    expect(lines).toEqual([])
    expect(autoscale).toEqual({
      global: { check_interval_seconds: 60, redis_url: '${URL}' },
      workers: {
        light: {
          queues: ['a', 'b'],
          min_replicas: 1,
          max_replicas: 4,
          scale_up_threshold: 10,
          cooldown_minutes: 2.5,
        },
      },
      advanced: { schedule: { off_hours: { enabled: true, max_replicas_override: { light: 2 } } } },
    })
    expect(keys.map(({ key, position }) => `${position.line}:${position.column} ${key}`)).toEqual([
      '2:10 global.check_interval_seconds',
      '2:38 global.redis_url',
      '5:5 workers.light.queues',
      '6:5 workers.light.min_replicas',
      '7:5 workers.light.max_replicas',
      '8:5 workers.light.scale_up_threshold',
      '9:5 workers.light.cooldown_minutes',
      '12:17 advanced.schedule.off_hours.enabled',
      '12:56 advanced.schedule.off_hours.max_replicas_override.light',
    ])
    expect(keys.find(({ key }) => key === 'workers.light.queues')?.comment).toBe('both')
  })

  it('lets unknown keys through, names them and says that they have no effect', () => {
    const { autoscale, lines, severities, keys } = read(
      `${SOUND}  predicitve: {enabled: true}\nextra: {deep: {er: 1}}\n`,
    )
    expect(autoscale).toBeDefined()
    expect(lines).toEqual([
      'autoscale.yml:13:3 advanced.predicitve: unknown key "predicitve", which has no effect (did you mean "predictive"?)',
      'autoscale.yml:14:1 extra: unknown key "extra", which has no effect',
    ])
    expect(severities).toEqual(['warning', 'warning'])
    expect(keys.filter(({ known }) => !known).map(({ key }) => key)).toEqual(['advanced.predicitve', 'extra'])
  })

  it.each([
    [
      'workers:\n  a: {queues: [], min_replicas: 5, max_replicas: 2}',
      ['workers.a.queues: must not be empty', 'workers.a.min_replicas: must not be above max_replicas'],
    ],
    [
      'workers:\n  a: {queues: [q], min_replicas: 5, max_replicas: 2}',
      ['workers.a.min_replicas: must not be above max_replicas'],
    ],
    [
      'workers:\n  a: {queues: [q], min_replicas: -1, max_replicas: x}',
      ['workers.a.min_replicas', 'workers.a.max_replicas'],
    ],
    ['workers:\n  a: {queues: [q], max_replicas: 2}', ['workers.a.min_replicas: is required']],
    ['workers: {}', ['workers: must name a worker']],
    ['global: {}', ['workers: is required']],
    ['- a', ['']],
  ])('%j is refused', (text, expected) => {
    const { autoscale, lines } = read(text)
    expect(autoscale).toBeUndefined()
    expect(lines).toEqual(expected.map((part) => expect.stringContaining(part)))
    for (const line of lines) expect(line).toMatch(/^autoscale\.yml:\d+:\d+ /)
  })
})
