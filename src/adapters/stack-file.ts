import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Document, locateIssues } from '../core/document.ts'
import type { Issue } from '../core/issue.ts'
import { mergeOverlay } from '../core/overlay.ts'
import { planJobs } from '../core/plan/plan-jobs.ts'
import { checkStack } from '../core/rules/index.ts'
import { normalize } from '../core/stack/normalize.ts'
import { parseStack } from '../core/stack/parse-stack.ts'
import type { WrittenStack } from '../core/stack/schema/stack.ts'
import { misfits } from '../core/stack/shape.ts'
import { sourcesOf } from '../core/stack/sources.ts'
import type { Stack } from '../core/stack/stack.ts'
import { DroverError } from '../errors.ts'
import { readText } from './read-text.ts'
import { type ReadFile, unchangedText } from './unchanged-text.ts'
import { createYamlReader } from './yaml.ts'

export interface StackFileOptions {
  /** The stack file as the user named it. */
  readonly file: string
  /** Lays `stack.<environment>.yml` over it. */
  readonly environment?: string | undefined
  /** Told each file before it is read, so that a watcher also knows those of a stack that is wrong. */
  readonly onFile?: ((file: string) => void) | undefined
}

export interface LoadedStack {
  readonly stack: Stack
  readonly written: WrittenStack
  readonly document: Document
  /** Warnings that are not silenced, with their positions. */
  readonly warnings: readonly Issue[]
  /** Every file that was read, so that a watcher knows them. */
  readonly files: readonly string[]
}

/** Reads stack files; a reader that is kept re-reads a changed file at the cost of what changed. */
export type ReadStack = (options: StackFileOptions) => LoadedStack

/**
 * Reads a stack file, its overlay and the files it embeds. Throws DroverError: USAGE for a path that cannot
 * be read, STACK_INVALID with every issue and its place.
 */
export function createStackReader(): ReadStack {
  const readBase = createYamlReader()
  const readOverlay = createYamlReader()
  const readSource = unchangedText((file) => readText(file, { maxBytes: 512 * 1024, allowEmpty: true }))
  return ({ file, environment, onFile = () => {} }) => {
    onFile(file)
    if (environment !== undefined) onFile(overlayPath(file, environment))
    const base = readBase(readText(file), file)
    const overlayFile = environment === undefined ? undefined : findOverlay(file, environment)
    const overlay =
      overlayFile === undefined
        ? undefined
        : readOverlay(readText(overlayFile, { allowEmpty: true }), overlayFile)
    const unsound = [...base.issues, ...(overlay?.issues ?? [])]
    if (unsound.length > 0) throw invalid(file, unsound)
    const document = overlay === undefined ? base : mergeOverlay(base, overlay)
    const parsed = parseStack(document)
    if ('issues' in parsed) throw invalid(file, locateIssues(parsed.issues, document))
    const { written } = parsed
    const sources = readSources(written, dirname(file), readSource, onFile)
    const { stack, issues } = normalized(document, written, sources.texts)
    // The rules look at references, so they would repeat what normalize could not make sense of.
    const unresolved = [...sources.issues, ...issues]
    const found = [...unresolved, ...checkStack(stack), ...planJobs(stack, allProfiles(stack)).issues]
    const located = locateIssues(found, document)
    if (located.some(({ severity }) => severity === 'error')) throw invalid(file, located)
    const files = [file, ...(overlayFile === undefined ? [] : [overlayFile]), ...sources.files]
    return { stack, written, document, warnings: located, files }
  }
}

/** A value of the right form may still be out of bounds, such as a duration of 300 years. */
function normalized(document: Document, written: WrittenStack, sources: ReadonlyMap<string, string>) {
  try {
    return normalize(written, sources)
  } catch (error) {
    const issues = error instanceof RangeError ? misfits(document.value) : []
    if (issues.length === 0) throw error
    throw invalid(document.file, locateIssues(issues, document))
  }
}

/** Reads a stack once. */
export function loadStack(options: StackFileOptions): LoadedStack {
  return createStackReader()(options)
}

/** `stack.yml` and `prod` give `stack.prod.yml`, in the same folder. */
export function overlayPath(file: string, environment: string): string {
  return join(
    dirname(file),
    basename(file).replace(/(\.ya?ml)?$/, (extension) => `.${environment}${extension}`),
  )
}

/** Environments that have an overlay beside a stack file, sorted. */
export function listEnvironments(file: string): string[] {
  const [, stem, extension] = /^(.*?)(\.ya?ml)?$/.exec(basename(file)) ?? []
  const folder = dirname(file)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(
      (name) => name.startsWith(`${stem}.`) && name.endsWith(extension ?? '') && name !== basename(file),
    )
    .map((name) => name.slice((stem?.length ?? 0) + 1, name.length - (extension?.length ?? 0)))
    .filter((name) => name !== '' && !name.includes('.'))
    .sort()
}

function findOverlay(file: string, environment: string): string {
  const path = overlayPath(file, environment)
  if (existsSync(path)) return path
  const known = listEnvironments(file)
  throw new DroverError('USAGE', `there is no environment ${environment}: ${path} does not exist`, {
    hint:
      known.length === 0
        ? `Create ${path}, or leave --env away.`
        : `The environments are ${known.join(', ')}.`,
  })
}

function readSources(written: WrittenStack, folder: string, read: ReadFile, onFile: (file: string) => void) {
  const texts = new Map<string, string>()
  const files: string[] = []
  const issues: Issue[] = []
  for (const [source, path] of sourcesOf(written)) {
    const file = join(folder, source)
    files.push(file)
    onFile(file)
    try {
      texts.set(source, read(file))
    } catch (error) {
      if (!(error instanceof DroverError)) throw error
      texts.set(source, '')
      issues.push({
        severity: 'error',
        code: 'file-source',
        path,
        message: error.message,
        ...fixOf(file, error),
      })
    }
  }
  return { texts, files, issues }
}

function fixOf(file: string, { hint }: DroverError): { fix?: string } {
  if (!existsSync(file)) return { fix: 'the path is relative to the stack file' }
  return hint === undefined ? {} : { fix: hint.charAt(0).toLowerCase() + hint.slice(1).replace(/\.$/, '') }
}

function allProfiles(stack: Stack): string[] {
  return stack.jobs.flatMap((job) => job.profiles)
}

function invalid(file: string, issues: readonly Issue[]): DroverError {
  const errors = issues.filter(({ severity }) => severity === 'error').length
  return new DroverError('STACK_INVALID', `${file} has ${errors === 1 ? 'an error' : `${errors} errors`}`, {
    issues,
  })
}
