import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { acceptedWarnings, readWarnings } from './job-warnings.ts'
import { callNomad, type Plan, parseJob, runNomad } from './nomad-api.ts'
import { createVolumes } from './prepare.ts'
import { type RenderedJob, renderReference } from './reference.ts'
import { useCluster } from './use-cluster.ts'

const cluster = useCluster()
const { jobs, volumes } = await renderReference()

describe.skipIf(!cluster.available)('every rendered job', () => {
  const { nomad, folder } = cluster

  beforeAll(async () => {
    for (const job of jobs) {
      await mkdir(join(folder, 'jobs', job.environment), { recursive: true })
      await writeFile(pathOf(job, 'hcl'), job.hcl)
      await writeFile(pathOf(job, 'json'), job.json)
    }
    await createVolumes(cluster, volumes)
  })

  it('is there', () => {
    expect(jobs.length).toBeGreaterThan(0)
  })

  it('has the layout of nomad fmt', async () => {
    const { output } = await runNomad(nomad, ['fmt', '-check', '-recursive', join(folder, 'jobs')])
    expect(output).toBe('')
  })

  describe.each(jobs)('$name in $environment', (job) => {
    it('is valid', async () => {
      const { code, output } = await runNomad(nomad, ['job', 'validate', pathOf(job, 'hcl')])
      expect(output).toContain('Job validation successful')
      expect(code).toBe(0)
      expect(
        readWarnings(output).filter((warning) => !acceptedWarnings.some((one) => one.test(warning))),
      ).toEqual([])
    })

    it('can be placed', async () => {
      const parsed = await parseJob(nomad, job.hcl)
      const plan = await callNomad<Plan>(nomad, `job/${parsed.ID}/plan`, { Job: parsed, Diff: false })
      expect(plan.FailedTGAllocs).toBeNull()
      const placed = Object.entries(plan.Annotations.DesiredTGUpdates ?? {}).map(([name, { Place }]) => [
        name,
        Place,
      ])
      expect(Object.fromEntries(placed)).toEqual(
        Object.fromEntries(parsed.TaskGroups.map(({ Name, Count }) => [Name, Count])),
      )
    })

    it('is the same job in its JSON form', async () => {
      const [hcl, json] = await Promise.all([
        runNomad(nomad, ['job', 'run', '-output', pathOf(job, 'hcl')]),
        runNomad(nomad, ['job', 'run', '-output', '-json', pathOf(job, 'json')]),
      ])
      expect(hcl.code).toBe(0)
      expect(json.output).toBe(hcl.output)
    })
  })

  function pathOf({ environment, name }: RenderedJob, format: 'hcl' | 'json'): string {
    return join(folder, 'jobs', environment, `${name}.nomad.${format}`)
  }
})
