import type { Issue } from '../../core/issue.ts'
import { jobFile, type RenderedFile } from '../../core/render-stack.ts'
import { DroverError } from '../../errors.ts'
import { type PreparedJob, prepareJob } from './prepare-job.ts'
import { isAway, type NomadRefusal, type UpNomad } from './up-nomad.ts'

/** Nomad takes a hundred connections of a client. */
const AT_ONCE = 8

/**
 * Has Nomad parse and plan every job, in this order; changes nothing. Throws REJECTED with everything that Nomad does
 * not take, and UNAVAILABLE.
 * @param tell is called with what goes on
 */
export async function prepareJobs(
  nomad: UpNomad,
  files: readonly RenderedFile[],
  tell: (line: string) => void,
): Promise<PreparedJob[]> {
  const prepared: PreparedJob[] = []
  const refusals: { readonly name: string; readonly refusal: NomadRefusal }[] = []
  const rest = files.entries()
  const work = async (): Promise<void> => {
    for (const [index, { job: planned, text }] of rest) {
      if (planned === undefined) continue
      const { name } = planned.job
      tell(`Planning ${index + 1} of ${files.length}: ${name}`)
      const parsed = await nomad.parse(text)
      const answer = parsed.ok ? await prepareJob(nomad, planned, parsed.value) : parsed
      if (answer.ok) prepared[index] = answer.value
      else refusals.push({ name, refusal: answer })
      // Where Nomad is away, every further job would wait for it.
      if (refusals.some(({ refusal }) => isAway(refusal))) return
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  if (refusals.length > 0) throw whyNothing(refusals)
  return prepared.filter((one) => one !== undefined)
}

function whyNothing(refusals: readonly { name: string; refusal: NomadRefusal }[]): DroverError {
  const away = refusals.find(({ refusal }) => isAway(refusal))
  if (away)
    return new DroverError('UNAVAILABLE', away.refusal.message, { hint: 'NOMAD_ADDR says where Nomad is.' })
  const messages = new Set(refusals.map(({ refusal }) => refusal.message))
  const [only] = messages
  if (refusals.length > 1 && messages.size === 1)
    return new DroverError('REJECTED', `${only}. Nothing was registered`)
  return new DroverError(
    'REJECTED',
    `Nomad does not take ${refusals.length === 1 ? 'a job' : `${refusals.length} jobs`}; nothing was registered`,
    { issues: refusals.map(({ name, refusal }) => issueOf(name, refusal.message)) },
  )
}

/** Nomad says `input.hcl:3,2-7: ...` of a text that it parsed. */
function issueOf(name: string, message: string): Issue {
  const [, line, column, words] = /^.*?input\.hcl:(\d+),(\d+)[^:]*: (.*)$/s.exec(message) ?? []
  const issue = { severity: 'error', code: 'nomad-refuses', path: [name] } as const
  if (line === undefined || column === undefined || words === undefined)
    return { ...issue, message: message.trim() }
  return {
    ...issue,
    message: words.trim(),
    fix: `drover render --job ${name} --stdout prints the text`,
    position: { file: jobFile(name, 'hcl'), line: Number(line), column: Number(column) },
  }
}
