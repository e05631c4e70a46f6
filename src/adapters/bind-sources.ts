import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ComposeModel } from '../core/compose/model.ts'
import type { BindSource, BindSources } from '../core/import/bind-source.ts'
import { DroverError } from '../errors.ts'
import { readText } from './read-text.ts'

/** More than this does not go into a job: Nomad stores it with each version. */
const LARGEST_FILE = 256 * 1024
const LARGEST_FOLDER = 512 * 1024
const MOST_FILES = 20

/**
 * Looks at everything that the services of a model bind-mount from the project's own folders. Files that are
 * not text, or too large, are told apart and not read further.
 * @param folder of the compose files, as the model has it
 */
export function readBindSources(model: ComposeModel, folder: string): BindSources {
  const sources = Object.values(model.services).flatMap(({ volumes }) =>
    volumes.flatMap(({ value }) =>
      value.type === 'bind' && value.source !== undefined ? [value.source] : [],
    ),
  )
  const ours = [...new Set(sources)].filter((source) => /^\.\.?(?:\/|$)/.test(source))
  return new Map(ours.map((source) => [source, look(resolve(folder, source))]))
}

function look(path: string): BindSource {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return { kind: 'missing' }
  if (stat.isFile()) return file(path)
  if (!stat.isDirectory()) return { kind: 'other', why: 'it is neither a file nor a folder' }
  return folder(path)
}

function file(path: string): Extract<BindSource, { kind: 'file' }> {
  try {
    return { kind: 'file', text: readText(path, { maxBytes: LARGEST_FILE, allowEmpty: true }) }
  } catch (error) {
    if (!(error instanceof DroverError)) throw error
    return { kind: 'file', why: error.message.replace(`${path} `, 'it ').replace(`${path}:`, 'line ') }
  }
}

function folder(path: string): BindSource {
  const files: { path: string; text: string }[] = []
  let bytes = 0
  for (const entry of filesBelow(path)) {
    if (files.length === MOST_FILES) return { kind: 'folder', why: `it holds more than ${MOST_FILES} files` }
    const { text } = file(join(path, entry))
    if (text === undefined) return { kind: 'folder', why: `${entry} in it is not a small text file` }
    bytes += Buffer.byteLength(text)
    if (bytes > LARGEST_FOLDER) return { kind: 'folder', why: 'it holds more than 512 KB' }
    files.push({ path: entry, text })
  }
  return { kind: 'folder', files }
}

/** Paths of files, sorted, `/` between folders; stops early when there are too many to matter. */
function filesBelow(root: string, below = ''): string[] {
  const found: string[] = []
  try {
    const entries = readdirSync(join(root, below), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) found.push(...filesBelow(root, path))
      else found.push(path)
      if (found.length > MOST_FILES) break
    }
  } catch {
    return found
  }
  return found
}
