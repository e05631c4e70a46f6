import { describe, expect, it } from 'vitest'
import { alwaysPasses } from '../../../src/core/rules/always-passes.ts'
import { type RuleCase, testCases } from '../../helpers/rule-cases.ts'

const withChecks = (checks: string) => `services: {a: {image: "x:1", ports: {p: 1}, checks: [${checks}]}}`

const CASES: RuleCase[] = [
  [
    'checks that need a port',
    'check-without-port',
    'services: {a: {image: "x:1", checks: [{type: tcp}, {type: grpc}, {type: http, path: /}, {type: script, command: ok}]}}',
    [
      'services.a.checks.0: a tcp check needs a port, and the job has none',
      'services.a.checks.1: a grpc check needs a port, and the job has none',
      'services.a.checks.2: a http check needs a port, and the job has none',
    ],
  ],
  ['a check with a port', 'check-without-port', withChecks('{type: tcp}'), []],
  [
    'checks more often than Nomad takes',
    'check-too-fast',
    withChecks('{type: tcp, interval: 999ms, timeout: 10ms}'),
    [
      'services.a.checks.0.interval: 999ms is below one second',
      'services.a.checks.0.timeout: 10ms is below one second',
    ],
  ],
  ['a check each second', 'check-too-fast', withChecks('{type: tcp, interval: 1s, timeout: 1s}'), []],
  [
    'a timeout longer than the interval',
    'check-timeout-long',
    withChecks('{type: tcp, interval: 10s, timeout: 10001ms}'),
    ['services.a.checks.0.timeout: the timeout of 10s1ms is longer than the interval of 10s'],
  ],
  [
    'a timeout as long as the interval',
    'check-timeout-long',
    withChecks('{type: tcp, interval: 10s, timeout: 10s}'),
    [],
  ],
  [
    'a check that always passes',
    'check-always-passes',
    withChecks(
      '{type: script, command: [echo, ok]}, {type: script, command: "sh -c \'curl x || exit 0\'"}, {type: tcp}',
    ),
    [
      'services.a.checks.0.command: this check always passes: echo ok',
      'services.a.checks.1.command: this check always passes: || exit 0',
    ],
  ],
  [
    'a check that may fail',
    'check-always-passes',
    withChecks('{type: script, command: [redis-cli, ping]}'),
    [],
  ],
  [
    'services and system jobs without checks',
    'no-check',
    `services: {a: {image: 'x:1'}, b: {image: 'x:1', checks: [{type: script, command: ok}]}}
workers: {c: {image: 'x:1', queues: [q], scale: {max: 1}}}
batch: {d: {image: 'x:1'}}
periodic: {e: {image: 'x:1', cron: '@daily'}}
system: {f: {image: 'x:1'}}`,
    ['services.a: the service a has no check', 'system.f: the system f has no check'],
  ],
]

describe('rules on checks', () => testCases(CASES))

describe('alwaysPasses', () => {
  it.each([
    [['true'], 'true'],
    [['/bin/true'], '/bin/true'],
    [['/usr/bin/true'], '/usr/bin/true'],
    [['echo', 'ok'], 'echo ok'],
    [['sh', '-c', 'exit 0'], 'exit 0'],
    [['/bin/bash', '-ec', 'true'], 'true'],
    [['sh', '-c', 'wget --spider http://127.0.0.1:8001/healthcheck || exit 0'], '|| exit 0'],
    [['sh', '-c', 'curl -f x || true'], '|| true'],
    [['sh', '-c', 'curl -f x||:'], '|| :'],
    [['sh', '-c', 'curl -f x || echo failed'], '|| echo failed'],
    [['sh', '-c', 'curl -f x; exit 0'], 'it ends in exit 0'],
    [['sh', '-c', 'curl -f x\ntrue\n'], 'it ends in true'],
  ])('sees through %j', (words, how) => {
    expect(alwaysPasses(words)).toBe(how)
  })

  it.each([
    [['redis-cli', 'ping']],
    [['exit', '0']],
    [['truecheck']],
    [['sh', '-c', 'curl -f x || exit 1']],
    [['sh', '-c', 'curl -f x || exit 1; exit 0']],
    [['sh', '-c', 'set -e; curl -f x; exit 0']],
    [['sh', '-c', 'curl -f x && exit 0']],
    [['sh', '-c', 'curl -f x && echo ok']],
    [['sh', '-c', 'echo ruok | nc localhost 2181 | grep -q imok']],
    [['sh', '/check.sh', 'exit 0']],
    [['python', '-c', 'exit 0']],
    [[]],
  ])('lets %j fail', (words) => {
    expect(alwaysPasses(words)).toBeUndefined()
  })
})
