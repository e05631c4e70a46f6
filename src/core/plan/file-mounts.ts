import type { EmbeddedFile } from '../stack/stack.ts'
import { fileDestination } from './plan-templates.ts'

/** What of the task's directory is mounted where. */
export interface FileMount {
  readonly source: string
  readonly target: string
}

/**
 * The mounts of a task's files. A change puts a new file in the old one's place, which a mount of the file
 * itself would not show: a program that is only signalled gets the file's whole folder mounted instead. One
 * that is restarted gets a new mount anyway, and keeps what else the image has in that folder.
 */
export function fileMounts(files: readonly EmbeddedFile[]): FileMount[] {
  const folders = new Map<string, FileMount>()
  for (const file of files) {
    if (file.onChange !== 'signal') continue
    const mount = { source: folderOf(fileDestination(file)), target: folderOf(file.to) }
    folders.set(`${mount.source}\n${mount.target}`, mount)
  }
  const single = files
    .map((file) => ({ source: fileDestination(file), target: file.to }))
    .filter(({ source, target }) => !folders.has(`${folderOf(source)}\n${folderOf(target)}`))
    // Already in the task's own directory, which Nomad mounts.
    .filter(({ source, target }) => `/${source}` !== target)
  return [...folders.values(), ...single]
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}
