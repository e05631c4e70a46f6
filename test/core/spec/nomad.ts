import { spawnSync } from 'node:child_process'

/** The real Nomad, as a parser and formatter; neither needs an agent. */
export const hasNomad = spawnSync('nomad', ['version']).status === 0

/** The job that Nomad's own parser makes of HCL, printed as JSON. */
export function jobFromHcl(hcl: string): string {
  return nomad(['job', 'run', '-output', '-'], hcl)
}

/** The job that Nomad reads from API JSON, printed as JSON. */
export function jobFromJson(job: unknown): string {
  return nomad(['job', 'run', '-output', '-json', '-'], JSON.stringify({ Job: job }))
}

/** What `nomad fmt` makes of HCL. */
export function format(hcl: string): string {
  return nomad(['fmt', '-'], hcl)
}

function nomad(args: string[], input: string): string {
  const { status, stdout, stderr } = spawnSync('nomad', args, { input, encoding: 'utf8', maxBuffer: 1e8 })
  if (status !== 0) throw new Error(`nomad ${args.join(' ')}: ${stderr}${stdout}\n${input}`)
  return stdout
}
