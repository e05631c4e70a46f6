import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { sync as writeFileAtomic } from 'write-file-atomic'
import { DroverError } from '../errors.ts'

export interface NewFile {
  readonly path: string
  readonly text: string
}

/**
 * Writes files that must not be there yet, each in one step, after all of them were looked at. Throws USAGE when
 * one is there, or cannot be written; then none of those before it that could not be there was touched.
 * @param overwrite takes the place of files that are there
 */
export function writeNewFiles(files: readonly NewFile[], overwrite: boolean): void {
  for (const { path } of files) refuseExisting(path, overwrite)
  for (const { path, text } of files) {
    try {
      mkdirSync(dirname(path), { recursive: true })
      writeFileAtomic(path, text)
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      const hint = 'Name a file in a folder that can be written.'
      throw new DroverError('USAGE', `cannot write ${path}: ${reason(code)}`, { hint, cause })
    }
  }
}

function refuseExisting(path: string, overwrite: boolean): void {
  let stat: ReturnType<typeof statSync>
  try {
    stat = statSync(path, { throwIfNoEntry: false })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new DroverError('USAGE', `cannot write ${path}: ${reason(code)}`, {
      hint: 'Name another file.',
      cause,
    })
  }
  if (stat?.isDirectory())
    throw new DroverError('USAGE', `${path} is a directory, not a file`, { hint: 'Name a file in it.' })
  if (stat && !overwrite)
    throw new DroverError('USAGE', `${path} is there already; nothing was written`, {
      hint: 'Give another name, or --force to write over it.',
    })
}

function reason(code: string | undefined): string {
  const words: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'a part of its path is a file',
    EEXIST: 'a part of its path is a file',
    ENOSPC: 'no space is left',
  }
  return words[code ?? ''] ?? String(code)
}
