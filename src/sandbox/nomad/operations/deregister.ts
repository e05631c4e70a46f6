import type { Server } from '../server.ts'
import { putJob } from '../state/put.ts'
import { findJob, jobKey } from '../state/store.ts'
import { keepVersions, nextVersion } from './register.ts'

/** Stops a job; with `purge` it is forgotten at once. Of a job that is not there Nomad says 200 all the same. */
export function deregister(
  { store, scheduler, clock }: Server,
  namespace: string,
  id: string,
  purge: boolean,
): { EvalID: string; EvalCreateIndex: number; JobModifyIndex: number } {
  const record = findJob(store, namespace, id)
  if (!record) return { EvalID: '', EvalCreateIndex: 0, JobModifyIndex: 0 }
  return store.write('JobDeregistered', (entry) => {
    if (purge) {
      store.jobs.delete(jobKey(namespace, id))
      entry.touch('jobs', record)
      // As it was: whether it was stopped before tells nothing of its being gone.
      entry.event('Job', id, namespace, null, { Deleted: true, Job: record.job })
      record.job = { ...record.job, Stop: true }
    } else {
      const stopped = nextVersion(
        { ...record.job, Stop: true, VersionTag: null },
        record.job,
        entry,
        clock.now(),
      )
      putJob(entry, record, stopped)
      record.versions = keepVersions(record.versions)
    }
    entry.endLine()
    const { ID } = scheduler.evaluate(entry, record, 'job-deregister')
    return { EvalID: ID, EvalCreateIndex: entry.index, JobModifyIndex: entry.index }
  })
}
