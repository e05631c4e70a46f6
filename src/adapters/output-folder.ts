import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { sync as writeFileAtomic } from 'write-file-atomic'
import { renderedFrom } from '../core/mark.ts'
import { DroverError } from '../errors.ts'
import type { ReadFile } from './unchanged-text.ts'

export interface FileChange {
  /** Relative to the folder, with `/`. */
  readonly path: string
  readonly kind: 'added' | 'changed' | 'unchanged' | 'removed'
  readonly before: string
  readonly after: string
}

export interface WantedFile {
  readonly path: string
  readonly text: string
}

/** What `drover render` writes; other files of the folder are not even looked at. */
const RENDERED = /^(?:[^/]+\.nomad\.(?:hcl|json)|volumes\/[^/]+\.volume\.hcl|intentions\/[^/]+\.hcl)$/

/**
 * What must change in a folder to hold the wanted files of a stack.
 * @param isComplete whether these are all files of the stack: then files of it that are not wanted go
 * @param read reads a file of the folder; unchangedText() for a folder that is compared again and again
 * @param ours paths of the files that may be there; others are not looked at. Default: those of `drover render`
 *
 * Throws USAGE when a wanted file is there already and was not rendered from this stack.
 */
export function compareFolder(
  folder: string,
  stack: string,
  wanted: readonly WantedFile[],
  isComplete: boolean,
  read: ReadFile = readUtf8,
  ours: RegExp = RENDERED,
): FileChange[] {
  const present = readFolder(folder, read, ours)
  const foreign = wanted.filter(({ path, text }) => {
    const before = present.get(path)
    return before !== undefined && before !== text && renderedFrom(path, before) !== stack
  })
  if (foreign.length > 0)
    throw notOurs(
      folder,
      stack,
      foreign.map(({ path }) => [path, present.get(path) ?? '']),
    )
  const changes = wanted.map(({ path, text }): FileChange => {
    const before = present.get(path)
    const kind = before === undefined ? 'added' : before === text ? 'unchanged' : 'changed'
    return { path, kind, before: before ?? '', after: text }
  })
  if (!isComplete) return changes
  const kept = new Set(wanted.map(({ path }) => nameOf(path)))
  const gone = [...present].filter(
    ([path, text]) => !kept.has(nameOf(path)) && renderedFrom(path, text) === stack,
  )
  return [
    ...changes,
    ...gone.map(([path, before]): FileChange => ({ path, kind: 'removed', before, after: '' })),
  ]
}

/**
 * Carries changes out; each file is replaced in one step, so that a reader never meets half of one. Throws USAGE
 * when a file cannot be written.
 */
export function applyChanges(folder: string, changes: readonly FileChange[]): void {
  let file = folder
  try {
    for (const { path, kind, after } of changes) {
      file = join(folder, path)
      if (kind === 'removed') rmSync(file)
      if (kind !== 'added' && kind !== 'changed') continue
      mkdirSync(dirname(file), { recursive: true })
      writeFileAtomic(file, after, { fsync: false })
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new DroverError('USAGE', `cannot write ${file}: ${reason(code)}`, {
      hint: 'Give --out a folder that can be written.',
      cause,
    })
  }
}

/** Without its format, so that a job's file in the other format does not count as gone. */
function nameOf(path: string): string {
  return path.replace(/\.nomad\.(?:hcl|json)$/, '')
}

/** How compareFolder reads a file unless told otherwise. */
export function readUtf8(file: string): string {
  return readFileSync(file, 'utf8')
}

function readFolder(folder: string, read: ReadFile, ours: RegExp): Map<string, string> {
  if (!existsSync(folder)) return new Map()
  let file = folder
  try {
    const names = readdirSync(folder, { recursive: false, encoding: 'utf8' })
    const inside = ['volumes', 'intentions'].flatMap((sub) =>
      statSync(join(folder, sub), { throwIfNoEntry: false })?.isDirectory()
        ? readdirSync(join(folder, sub), { encoding: 'utf8' }).map((name) => `${sub}/${name}`)
        : [],
    )
    const found = [...names, ...inside].filter((name) => ours.test(name)).sort()
    return new Map(
      found.map((name) => {
        file = join(folder, ...name.split('/'))
        return [name, read(file)]
      }),
    )
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new DroverError('USAGE', `cannot read ${file}: ${reason(code)}`, {
      hint: 'Give --out a folder.',
      cause,
    })
  }
}

function notOurs(folder: string, stack: string, files: readonly (readonly [string, string])[]): DroverError {
  const [path, text] = files[0] ?? ['', '']
  const other = renderedFrom(path, text)
  const why =
    other === undefined ? 'was not written by drover' : `was rendered from the stack ${other}, not ${stack}`
  const more = files.length > 1 ? ` (and ${files.length - 1} more)` : ''
  return new DroverError('USAGE', `${folder}${sep}${path} ${why}${more}; nothing was written`, {
    hint: 'Move it away, or give --out another folder.',
  })
}

function reason(code: string | undefined): string {
  const words: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'it is, or lies in, a file',
    EEXIST: 'it is a file',
    EISDIR: 'it is a folder',
    ENOENT: 'it is a link to nothing',
    ENOSPC: 'no space is left',
  }
  return words[code ?? ''] ?? String(code)
}
