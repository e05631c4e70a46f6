import type { Issue } from '../issue.ts'
import { parseEnvFile } from './env-file.ts'
import type { LoadContext } from './load.ts'
import type { Sourced } from './model.ts'
import type { Parts } from './parts.ts'
import { joinPath } from './path.ts'
import type { ComposeService } from './service.ts'

type Services = Readonly<Record<string, ComposeService>>

/** Puts the entries of each service's env files under its own environment; later files win. */
export function readEnvFiles(services: Services, context: LoadContext): Services {
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => {
      const entries = service.envFiles.flatMap((file, index) => readOne(name, file, index, context))
      return [
        name,
        entries.length === 0
          ? service
          : { ...service, environment: { ...Object.fromEntries(entries), ...service.environment } },
      ]
    }),
  )
}

type Entry = [string, Sourced<Parts | null>]

function readOne(
  service: string,
  { value, key, position }: ComposeService['envFiles'][number],
  index: number,
  { sources, found, folder }: LoadContext,
): Entry[] {
  const path = joinPath(folder, value.path)
  const file = sources.text(path)
  if (!file) {
    found.wanted.text.add(path)
    return []
  }
  if ('problem' in file) {
    const issue: Issue = {
      severity: 'error',
      code: 'compose-env-file',
      path: ['services', service, 'env_file', index],
      message: file.problem,
      fix: 'create it, or say "required: false"',
      position,
    }
    if (value.required) found.issues.push(issue)
    return []
  }
  const { entries, issues } = parseEnvFile(file.text, path)
  found.issues.push(...issues)
  return entries.map((entry) => [entry.name, { value: entry.parts ?? null, key, position: entry.position }])
}
