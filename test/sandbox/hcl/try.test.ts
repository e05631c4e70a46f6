import { readFileSync, readdirSync } from 'node:fs'
import { it, expect } from 'vitest'
import { parseJob } from '/work/main/src/sandbox/hcl/parse-job.ts'
import { jobFromHcl, jobFromJson } from '/work/main/test/core/spec/nomad.ts'
it('x', () => {
  for (const dir of ['jobs','test/golden/dev','test/golden/intentions'])
  for (const f of readdirSync(dir).filter(f=>f.endsWith('.nomad.hcl'))) {
    const text = readFileSync(dir+'/'+f,'utf8')
    const t=Date.now(); const j = parseJob(text)
    if (dir==='jobs') expect(JSON.parse(jobFromJson(j)), f).toEqual(JSON.parse(jobFromHcl(text)))
  }
}, 60000)
