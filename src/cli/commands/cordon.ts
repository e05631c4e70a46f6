import { workerCommand } from '../worker-options.ts'

export default workerCommand('cordoned', [
  ['cordon 5f1c02aa', 'take no new task, finish what runs, stay'],
  ['cordon worker_heavy@5f1c02aa-1b7e-4c1e-9d0c-2f6a5b1c7d3e --json', 'a Celery node, by its name'],
])
