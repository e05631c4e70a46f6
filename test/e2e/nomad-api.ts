import { execFile } from 'node:child_process'

export interface ApiTask {
  readonly Name: string
  readonly Config: Readonly<Record<string, unknown>> | null
  readonly Templates: readonly { readonly EmbeddedTmpl: string | null }[] | null
}

export interface ApiGroup {
  readonly Name: string
  readonly Count: number
  readonly Tasks: readonly ApiTask[]
  readonly Volumes: Readonly<Record<string, { readonly Source: string; readonly Type: string }>> | null
}

/** The parts of a job that the tests look at. */
export interface ApiJob {
  readonly ID: string
  readonly Type: string
  readonly TaskGroups: readonly ApiGroup[]
}

export interface Plan {
  readonly Annotations: {
    readonly DesiredTGUpdates: Readonly<Record<string, { readonly Place: number }>> | null
  }
  readonly FailedTGAllocs: Readonly<Record<string, unknown>> | null
  readonly Warnings: string
}

export interface Allocation {
  readonly ID: string
  readonly ClientStatus: string
  readonly TaskStates: Readonly<
    Record<
      string,
      { readonly State: string; readonly Events: readonly { readonly DisplayMessage: string }[] }
    >
  > | null
}

/** Calls Nomad's HTTP API (PUT when there is a body); throws with Nomad's own words when it refuses. */
export async function callNomad<T>(address: string, path: string, body?: unknown): Promise<T> {
  const init = body === undefined ? {} : { method: 'PUT', body: JSON.stringify(body) }
  const response = await fetch(`${address}/v1/${path}`, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
  return JSON.parse(text) as T
}

/** The job that Nomad reads out of HCL, with Nomad's own defaults filled in. */
export async function parseJob(address: string, hcl: string): Promise<ApiJob> {
  return callNomad(address, 'jobs/parse', { JobHCL: hcl, Canonicalize: true })
}

export interface CommandResult {
  readonly code: number
  /** What it printed, both streams. */
  readonly output: string
}

/** Runs the nomad program; an exit code other than 0 is a result, not an error. */
export function runNomad(address: string, args: readonly string[], input = ''): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      NOMAD_ADDR: address,
      NOMAD_CLI_NO_COLOR: '1',
      NOMAD_CLI_SHOW_HINTS: 'false',
    }
    const child = execFile('nomad', args, { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error)
      else resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr })
    })
    child.stdin?.end(input)
  })
}
