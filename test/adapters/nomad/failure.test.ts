import { describe, expect, it } from 'vitest'
import {
  answerFailure,
  classify,
  connectionFailure,
  NomadError,
} from '../../../src/adapters/nomad/failure.ts'

const CALL = { method: 'PUT', path: '/v1/job/x/scale', address: 'http://nomad:4646', isWrite: true }

describe('what Nomad answers', () => {
  it.each([
    [400, 'job scaling blocked due to active deployment', 'deployment-active', false],
    [
      500,
      'Enforcing job modify index 5: job exists with conflicting job modify index: 3454',
      'stale-index',
      false,
    ],
    [500, 'Enforcing job modify index 0: job already exists', 'stale-index', false],
    [404, 'job "x" not found', 'job-missing', false],
    [404, 'job not found', 'job-missing', false],
    [404, '<html>nginx</html>', 'invalid', false],
    [404, 'page not found', 'invalid', false],
    [400, 'task group "g" specified for scaling does not exist in job', 'group-missing', false],
    [400, 'group count was greater than scaling policy maximum: 9 > 5', 'out-of-bounds', false],
    [400, 'group count was less than scaling policy minimum: 0 < 1', 'out-of-bounds', false],
    [400, "scaling action count can't be negative", 'invalid', false],
    [403, 'Permission denied', 'forbidden', false],
    [401, '', 'forbidden', false],
    [429, 'Your IP is issuing too many concurrent connections', 'rate-limited', false],
    [500, 'No cluster leader', 'no-leader', false],
    [500, 'rpc error: leadership lost while committing log', 'server-error', true],
    [502, '<html>Bad Gateway</html>', 'server-error', true],
    [500, 'Task not running', 'task-not-running', false],
    [500, 'Task not found', 'task-not-running', false],
    [404, 'Unknown allocation "8ba"', 'allocation-missing', false],
    [500, '1 error occurred:\n\t* Missing tasks for task group', 'invalid', false],
    [405, 'Invalid method', 'invalid', false],
  ] as const)('%i %s is %s', (status, said, refusal, mayBeDone) => {
    expect(answerFailure(CALL, status, said)).toMatchObject({ refusal, status, mayBeDone })
  })

  it('keeps its words', () => {
    const { message } = answerFailure(
      CALL,
      400,
      ' group count was greater than scaling policy maximum: 9 > 5\n',
    )
    expect(message).toBe('group count was greater than scaling policy maximum: 9 > 5')
  })

  it.each([
    ['PUT', '/v1/job/x/scale', 'scale-job'],
    ['PUT', '/v1/client/allocation/8ba/signal', 'alloc-lifecycle'],
    ['PUT', '/v1/jobs', 'submit-job'],
    ['PUT', '/v1/job/x/plan', 'submit-job'],
    ['PUT', '/v1/job/x/versions/drover-1/tag', 'submit-job'],
    ['POST', '/v1/jobs/parse', 'parse-job'],
    ['GET', '/v1/jobs', 'list-jobs'],
    ['GET', '/v1/job/x', 'read-job'],
    ['GET', '/v1/allocations', 'read-job'],
    ['GET', '/v1/event/stream', 'read-job'],
    ['GET', '/v1/nodes', 'read of nodes'],
    ['PUT', '/v1/var/drover/scaler', 'write of the variable (variables { path "drover/scaler"'],
    ['GET', '/v1/var/drover/scaler', 'read of the variable'],
  ])('403 to %s %s names %s', (method, path, capability) => {
    const { message } = answerFailure({ ...CALL, method, path }, 403, 'Permission denied')
    expect(message).toContain(`lacks ${capability}`)
    expect(message).toContain('Permission denied')
  })
})

describe('no answer', () => {
  it.each([
    ['ECONNREFUSED', 'unreachable', false],
    ['ENOTFOUND', 'unreachable', false],
    ['ENOENT', 'unreachable', false],
    ['ECONNRESET', 'unreachable', true],
    ['EPIPE', 'unreachable', true],
    ['ECONNABORTED', 'timeout', true],
    ['ETIMEDOUT', 'timeout', true],
    ['HPE_INVALID_CONSTANT', 'unreachable', false],
    ['EPROTO', 'unreachable', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unreachable', false],
  ] as const)('%s is %s; a write may be done: %s', (code, refusal, mayBeDone) => {
    const failure = connectionFailure(CALL, code, 'words')
    expect(failure).toMatchObject({ refusal, mayBeDone })
    expect(failure.message).toContain(CALL.address)
    expect(connectionFailure({ ...CALL, isWrite: false }, code, 'words').mayBeDone).toBe(false)
  })
})

describe('classify()', () => {
  it('explains a failed call', () => {
    const failure = answerFailure(CALL, 500, 'No cluster leader')
    expect(classify(new NomadError(failure))).toBe(failure)
  })

  it('lets a bug through', () => {
    expect(() => classify(new TypeError('x is undefined'))).toThrow('x is undefined')
  })
})
