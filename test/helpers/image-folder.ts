import { execFile } from 'node:child_process'
import { copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** What an image holds, by path in it. */
export type ImageFiles = Readonly<Record<string, ImageFile>>

export type ImageFile =
  /** A program of this machine, with the libraries that it is linked to. */
  | { readonly program: string }
  | { readonly text: string }
  | { readonly link: string }
  | { readonly folder: true; readonly mode?: number }

const run = promisify(execFile)

/** Lays out the root file system of an image in a folder, anew. */
export async function writeImageFolder(root: string, files: ImageFiles): Promise<void> {
  await rm(root, { recursive: true, force: true })
  for (const [path, file] of Object.entries(files)) await writeImageFile(root, path, file)
}

async function writeImageFile(root: string, path: string, file: ImageFile): Promise<void> {
  const target = join(root, path)
  await mkdir(dirname(target), { recursive: true })
  if ('program' in file) {
    await copyFile(file.program, target)
    for (const library of await librariesOf(file.program)) {
      await mkdir(join(root, dirname(library)), { recursive: true })
      await copyFile(library, join(root, library))
    }
  } else if ('text' in file) await writeFile(target, file.text)
  else if ('link' in file) await symlink(file.link, target)
  else await mkdir(target, { recursive: true, mode: file.mode ?? 0o755 })
}

/** Paths of the shared libraries and the loader; none for a static program. */
async function librariesOf(program: string): Promise<string[]> {
  const listing = await run('ldd', [program])
    .then(({ stdout }) => stdout)
    .catch(() => '')
  return [...new Set(listing.match(/\/\S+\.so\S*/g))]
}
