import { existsSync } from 'node:fs'
import { commentText } from '../core/compose/comment.ts'
import { parseEnvFile, resolveEnvFile } from '../core/compose/env-file.ts'
import type { ComposeFile, TextFile } from '../core/compose/load.ts'
import type { ComposeModel } from '../core/compose/model.ts'
import type { ComposeNode } from '../core/compose/node.ts'
import type { Environment } from '../core/compose/parts.ts'
import { folderOf, joinPath } from '../core/compose/path.ts'
import { readCompose } from '../core/compose/read-compose.ts'
import type { DocumentPath, Issue } from '../core/issue.ts'
import { DroverError } from '../errors.ts'
import { type ReadTextOptions, readText } from './read-text.ts'
import { parseYaml, type YamlDocument } from './yaml.ts'

export interface ComposeFilesOptions {
  /** Compose files, in the order in which they are laid over each other. At least one. */
  readonly files: readonly string[]
  /** Env files, the later ones winning. Default: `.env` beside the first compose file, when there is one. */
  readonly envFiles?: readonly string[]
  /** Values that win over every env file, as the shell's do in compose. Default: none. */
  readonly env?: Environment
}

/**
 * Reads compose files and everything that they extend, include or name as env file. All that is wrong inside
 * them is in `issues`; a file of the options that cannot be read throws DroverError USAGE or STACK_INVALID.
 */
export function readComposeFiles({ files, envFiles, env = {} }: ComposeFilesOptions): {
  readonly model?: ComposeModel
  readonly issues: readonly Issue[]
} {
  const compose = new Map<string, ComposeFile>(
    files.map((file) => [file, toComposeFile(file, readText(file))]),
  )
  const texts = new Map<string, TextFile>()
  const given = readEnvFiles(envFiles ?? defaultEnvFiles(files), env)
  const sources = { compose: (path: string) => compose.get(path), text: (path: string) => texts.get(path) }
  for (;;) {
    const { model, issues, wanted } = readCompose({ files, env: given.values, sources })
    if (wanted.compose.length + wanted.text.length === 0) {
      return { ...(model ? { model } : {}), issues: [...given.issues, ...issues] }
    }
    for (const path of wanted.compose)
      compose.set(
        path,
        readOther(path, (text) => toComposeFile(path, text)),
      )
    for (const path of wanted.text)
      texts.set(
        path,
        readOther(path, (text) => ({ text }), { allowEmpty: true }),
      )
  }
}

/** A YAML text as the reader's nodes. */
export function toComposeFile(file: string, text: string): ComposeFile {
  const document = parseYaml(text, file, { tags: 'compose' })
  if (!document.readable) return { issues: document.issues }
  return { root: toNode(document, document.value, []), issues: document.issues }
}

function toNode(document: YamlDocument, value: unknown, path: DocumentPath, line = 0): ComposeNode {
  const position = document.locate(path, 'key') ?? { file: document.file, line: 1, column: 1 }
  const written = { position, ...commentAt(document, path, position.line === line), ...tagAt(document, path) }
  const child = (of: unknown, key: string | number) => toNode(document, of, [...path, key], position.line)
  if (Array.isArray(value)) return { ...written, kind: 'list', items: value.map(child) }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, of]): [string, ComposeNode] => [key, child(of, key)])
    return { ...written, kind: 'map', entries: new Map(entries) }
  }
  return { ...written, kind: 'scalar', value: value as string | number | boolean | null }
}

/** On one line with what holds it, the comment belongs to that. */
function commentAt(document: YamlDocument, path: DocumentPath, shared: boolean): { comment?: string } {
  const comment = shared || path.length === 0 ? undefined : commentText(document.commentsAt(path))
  return comment === undefined ? {} : { comment }
}

function tagAt(document: YamlDocument, path: DocumentPath): { tag?: 'override' | 'reset' } {
  const tag = document.tagAt(path)
  if (tag === '!override') return { tag: 'override' }
  return tag === '!reset' ? { tag: 'reset' } : {}
}

function defaultEnvFiles(files: readonly string[]): string[] {
  const beside = joinPath(folderOf(files[0] ?? '.'), '.env')
  return existsSync(beside) ? [beside] : []
}

function readEnvFiles(files: readonly string[], env: Environment): { values: Environment; issues: Issue[] } {
  const issues: Issue[] = []
  let values: Environment = {}
  for (const file of files) {
    const parsed = parseEnvFile(readText(file, { allowEmpty: true }), file)
    issues.push(...parsed.issues)
    values = { ...values, ...resolveEnvFile(parsed.entries, { ...values, ...env }) }
  }
  return { values: { ...values, ...env }, issues }
}

/** A file that another one names: why it cannot be read is said at the place that names it. */
function readOther<T>(
  path: string,
  use: (text: string) => T,
  options?: ReadTextOptions,
): T | { readonly issues: readonly []; readonly problem: string } {
  try {
    return use(readText(path, options))
  } catch (error) {
    if (error instanceof DroverError) return { issues: [], problem: error.message }
    throw error
  }
}
