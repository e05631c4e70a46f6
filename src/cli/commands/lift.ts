import { workerCommand } from '../worker-options.ts'

export default workerCommand('taking', [['lift 5f1c02aa', 'take tasks again']])
