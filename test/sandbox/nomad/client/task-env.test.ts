import { expect, it } from 'vitest'
import { fill, taskEnv } from '../../../../src/sandbox/nomad/client/task-env.ts'
import { canonicalJob } from '../../../../src/sandbox/nomad/state/canonical-job.ts'
import type { Allocation, Task } from '../../../../src/sandbox/nomad/state/types.ts'

it('gives a task what Nomad tells it, and its own with names filled in', () => {
  const Env = { NAME: 'heavy@${NOMAD_ALLOC_ID}', ODD: '${NOBODY} $HOME' }
  const job = canonicalJob(
    {
      ID: 'heavy',
      Meta: { owner: 'us', tier: 'job' },
      TaskGroups: [{ Name: 'g', Meta: { tier: 'group' }, Tasks: [{ Name: 'w', Driver: 'raw_exec', Env }] }],
    },
    'default',
  )
  const allocation = {
    ID: '0123456789ab',
    Name: 'heavy.g[2]',
    TaskGroup: 'g',
    Job: job,
  } as unknown as Allocation
  const task = job.TaskGroups[0]?.Tasks[0] as Task
  expect(taskEnv(allocation, task)).toMatchObject({
    NOMAD_ALLOC_ID: '0123456789ab',
    NOMAD_SHORT_ALLOC_ID: '01234567',
    NOMAD_ALLOC_INDEX: '2',
    NOMAD_GROUP_NAME: 'g',
    NOMAD_TASK_NAME: 'w',
    NOMAD_META_owner: 'us',
    NOMAD_META_TIER: 'group',
    NAME: 'heavy@0123456789ab',
    ODD: '${NOBODY} $HOME',
  })
})

it('leaves what it does not know', () => {
  expect(fill('${A}-${B}-${A', { A: '1' })).toBe('1-${B}-${A')
})
