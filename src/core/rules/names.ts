import { groupServiceName, SCALER_SERVICE } from '../consul/names.ts'
import type { DocumentPath } from '../issue.ts'
import { consulName, hasService, serviceName } from '../plan/names.ts'
import type { Stack } from '../stack/stack.ts'
import { forEachJob, type Rule } from './rule.ts'
import { perJob } from './view.ts'

const LONGEST_SERVICE_NAME = 63

export const duplicateName: Rule = {
  code: 'duplicate-name',
  severity: 'error',
  silenceable: false,
  reason:
    'Jobs share one name space in Nomad whatever their section, and so do the tasks of a job: the main task, its init tasks and sidecars, and the batch jobs it needs completed, which run as its init tasks.',
  fix: 'rename one of the two',
  *check({ stack, jobs }) {
    for (const job of stack.jobs) {
      const first = jobs.get(job.name)
      if (first !== undefined && first !== job)
        yield { path: job.path, message: `the name "${job.name}" is taken by ${first.path.join('.')}` }
      const tasks = new Map<string, string>([[job.name, 'the main task']])
      for (const { on, condition } of job.dependsOn)
        if (condition === 'completed' && on !== job.name)
          tasks.set(on, `the batch job ${on}, which runs as an init task here`)
      for (const task of [...job.init, ...job.sidecars]) {
        const taken = tasks.get(task.name)
        if (taken !== undefined)
          yield { path: task.path, message: `the task name "${task.name}" is taken by ${taken}` }
        else tasks.set(task.name, `another task of ${job.name}`)
      }
    }
  },
}

export const reservedTaskName: Rule = {
  code: 'reserved-name',
  severity: 'error',
  silenceable: false,
  reason:
    'Nomad refuses a task named "alloc": the folder of that name in an allocation belongs to all tasks.',
  fix: 'choose another name',
  check: forEachJob(function* (job) {
    for (const task of [job.main, ...job.init, ...job.sidecars])
      if (task.name === 'alloc') yield { path: task.path, message: 'a task may not be named "alloc"' }
  }),
}

export const serviceNameTaken: Rule = {
  code: 'service-name-taken',
  severity: 'error',
  silenceable: false,
  reason:
    'In Consul the first port of a job has the name of the job and every other port the name JOB-PORT, with "-" for "_"; what runs elsewhere has its own name, a worker group as a whole is NAME-group, and the scaler is drover-scaler. Two services of one name would be mixed up by everybody who dials them.',
  fix: 'rename the job or the port',
  *check({ stack }) {
    const taken = new Map([[SCALER_SERVICE, 'the scaler']])
    const services = [...stack.jobs.flatMap(servicesOf), ...registeredByDrover(stack)]
    for (const { name, what, path } of services) {
      const first = taken.get(name)
      if (first === undefined) taken.set(name, what)
      // Two jobs of one name are an issue of their own.
      else if (first !== what) yield { path, message: `${what} would be "${name}" in Consul, like ${first}` }
    }
  },
}

export const serviceNameTooLong: Rule = {
  code: 'service-name-too-long',
  severity: 'error',
  silenceable: false,
  reason: 'Nomad refuses service names that are not labels of the DNS, which have at most 63 characters.',
  fix: 'shorten the name of the job or of the port',
  check: forEachJob(function* (job) {
    for (const { name, path } of servicesOf(job))
      if (name.length > LONGEST_SERVICE_NAME)
        yield {
          path,
          message: `the name in Consul would be "${name}", which has ${name.length} characters; at most 63 are allowed`,
        }
  }),
}

export const serviceNameMapped: Rule = {
  code: 'service-name-mapped',
  severity: 'warning',
  silenceable: true,
  reason:
    'A service name in Consul is a DNS label, which has no underscore, so Drover writes "-" there. Whoever looks the service up by hand needs the other name; {service: NAME} in the stack takes the name as it is written.',
  fix: 'use "-" in the name, or silence this when nobody looks it up by hand',
  check: forEachJob(function* (job) {
    for (const { name, written, path } of servicesOf(job))
      if (written.includes('_')) yield { path, message: `"${written}" is "${name}" in Consul` }
  }),
}

interface NamedService {
  readonly name: string
  readonly what: string
  readonly path: DocumentPath
}

interface PlannedService extends NamedService {
  readonly written: string
}

function registeredByDrover(stack: Stack): NamedService[] {
  const groups = stack.jobs.filter(({ worker }) => worker !== undefined)
  return [
    ...stack.external.map(({ name, path }) => ({
      name: consulName(name),
      what: `the external service ${name}`,
      path,
    })),
    ...groups.map(({ name, path }) => ({
      name: groupServiceName(name),
      what: `the worker group ${name}`,
      path,
    })),
  ]
}

const servicesOf = perJob((job): PlannedService[] => {
  if (!hasService(job)) return []
  const own = { name: serviceName(job), written: job.name, what: `the job ${job.name}`, path: job.path }
  const others = job.ports.slice(1).map((port) => ({
    name: serviceName(job, port.name),
    written: `${job.name}-${port.name}`,
    what: `the port ${port.name} of ${job.name}`,
    path: [...job.path, 'ports', port.name],
  }))
  return [own, ...others]
})
