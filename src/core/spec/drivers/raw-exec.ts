import { z } from '../../zod.ts'
import { type Driver, lazily } from './driver.ts'
import { text, textMap, texts, whole } from './fields.ts'

const config = lazily(() =>
  z.strictObject({
    command: z
      .string()
      .min(1)
      .describe('Program to run, as a path on the node or a name on the client’s PATH.'),
    args: texts('Arguments; no shell looks at them.'),
    cgroup_v2_override: text('Control group to run in, below the v2 root, in place of Nomad’s own.'),
    cgroup_v1_override: textMap('Control group by controller, for nodes with control groups v1.'),
    oom_score_adj: whole('How eagerly the kernel kills this task when memory runs out; 0 or more.'),
    work_dir: text('Absolute directory on the node that the program starts in.'),
    denied_envvars: texts(
      'Variables of the client that the program must not see; a trailing * is a wildcard.',
    ),
  }),
)

export const rawExec: Driver = { name: 'raw_exec', config }
