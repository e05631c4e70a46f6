import { z } from '../../zod.ts'
import { type Driver, lazily } from './driver.ts'
import { text, texts } from './fields.ts'

const config = lazily(() =>
  z.strictObject({
    command: z
      .string()
      .min(1)
      .describe('Program to run, as a path in the task’s file system or a name on its PATH.'),
    args: texts('Arguments; no shell looks at them.'),
    pid_mode: z.enum(['private', 'host']).describe('host: see the processes of the node.').optional(),
    ipc_mode: z.enum(['private', 'host']).describe('host: share memory with the node.').optional(),
    cap_add: texts('Linux capabilities to add, out of those that the client allows.'),
    cap_drop: texts('Linux capabilities to take away.'),
    work_dir: text('Absolute directory that the program starts in, inside the task’s file system.'),
  }),
)

export const exec: Driver = { name: 'exec', config }
