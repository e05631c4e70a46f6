import type { DocumentPath } from '../issue.ts'
import type { PlacedValue } from '../stack/references.ts'
import { type Job, type Task, tasksOf } from '../stack/stack.ts'
import { type Finding, forEachJob, type Rule } from './rule.ts'
import { isLiteralSecret, isSecretName, secretKind, secretsInFile, textWithHoles } from './secret-text.ts'
import { holderOf, valuesOf } from './view.ts'

export const secretLiteral: Rule = {
  code: 'secret-literal',
  severity: 'warning',
  silenceable: true,
  reason:
    'What stands in the stack file is in its repository, in the rendered job, and readable by everybody who may read jobs in Nomad. The value itself is never printed.',
  fix: 'put the value into a Nomad variable, name it under `secrets`, and write {secret: NAME}',
  check: forEachJob(secretsOf),
}

export const secretInArguments: Rule = {
  code: 'secret-in-arguments',
  severity: 'warning',
  silenceable: true,
  reason:
    'The arguments of a program are visible to everybody who may list processes on the node, and to `docker inspect`.',
  fix: 'pass it in a variable (redis-cli reads REDISCLI_AUTH) or in a file that the program reads',
  check: forEachJob(function* (job) {
    for (const placed of valuesOf(job)) {
      if (placed.place === 'env' || placed.place === 'file') continue
      const secret = placed.value.find((part) => typeof part !== 'string' && 'secret' in part)
      if (typeof secret === 'object' && 'secret' in secret)
        yield {
          path: placed.path,
          message: `the secret "${secret.secret}" is visible in the process list: it is an argument of ${holderOf(placed)}`,
        }
    }
  }),
}

function secretsOf(job: Job): Finding[] {
  const found = (path: DocumentPath, message: string): Finding[] => [
    { path, message: `${message}, written into the stack`, job: job.name },
  ]
  return [
    ...valuesOf(job).flatMap((placed) => {
      const what = secretIn(placed)
      return what === undefined ? [] : found(placed.path, `${holderOf(placed)} holds ${what}`)
    }),
    ...commandLines(job).flatMap(({ words, path, what }) => {
      const kind = secretKind(words)
      // A word that is a secret by itself has been told with its own place.
      return kind?.startsWith('the value of') ? found(path, `${what} holds ${kind}`) : []
    }),
    ...labelled(job).flatMap(({ name, text, path, what }) => {
      const kind = isSecretName(name) && isLiteralSecret(text) ? 'a secret' : secretKind(text)
      return kind === undefined ? [] : found(path, `${what} ${name} holds ${kind}`)
    }),
  ]
}

function secretIn(placed: PlacedValue): string | undefined {
  const text = textWithHoles(placed.value)
  if (placed.place === 'file') {
    const [name] = secretsInFile(text)
    return name === undefined ? secretKind(text) : `a secret (${name})`
  }
  if (placed.place === 'env' && isSecretName(placed.name) && isLiteralSecret(text)) return 'a secret'
  return secretKind(text)
}

/** Whole command lines, where a flag and its value are two words. */
function commandLines(job: Job): { words: string; path: DocumentPath; what: string }[] {
  const join = (values: Task['command'] = []): string =>
    values.map((value) => textWithHoles(value).replace(/^$/, '""')).join(' ')
  return [
    ...tasksOf(job).map((task) => ({
      words: join([...(task.entrypoint ?? []), ...(task.command ?? [])]),
      path: [...task.path, 'command'],
      what: 'the command',
    })),
    ...job.checks.flatMap((check) =>
      check.type === 'script'
        ? [{ words: join(check.command), path: [...check.path, 'command'], what: `the check ${check.name}` }]
        : [],
    ),
  ]
}

/** Texts with a name that hold no references: labels, metadata, headers of checks, the driver's config. */
function labelled(job: Job): { name: string; text: string; path: DocumentPath; what: string }[] {
  const entries = (map: Readonly<Record<string, string>>, key: string, what: string) =>
    Object.entries(map).map(([name, text]) => ({ name, text, path: [...job.path, key, name], what }))
  return [
    ...entries(job.labels, 'labels', 'the label'),
    ...entries(job.meta, 'meta', 'the metadata'),
    ...job.checks.flatMap((check) =>
      check.type === 'http'
        ? Object.entries(check.headers ?? {}).map(([name, texts]) => ({
            name,
            text: texts.join(' '),
            path: [...check.path, 'headers', name],
            what: 'the header',
          }))
        : [],
    ),
    ...tasksOf(job).flatMap((task) => configTexts(task.config, [...task.path, 'config'])),
  ]
}

function configTexts(
  node: unknown,
  path: DocumentPath,
): { name: string; text: string; path: DocumentPath; what: string }[] {
  if (typeof node === 'string')
    return [{ name: String(path.at(-1)), text: node, path, what: 'the config key' }]
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) =>
    configTexts(value, [...path, Array.isArray(node) ? Number(key) : key]),
  )
}
