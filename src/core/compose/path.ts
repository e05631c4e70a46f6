/** Folder of a file path: `docker` of `docker/compose.yml`, `.` when it names no folder. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  if (slash < 0) return '.'
  return slash === 0 ? '/' : path.slice(0, slash)
}

/** A path seen from a folder, without needless `.` and `..`; absolute and home paths stay as they are. */
export function joinPath(folder: string, path: string): string {
  if (isAbsolute(path)) return path
  const whole = `${folder}/${path}`
  const root = whole.startsWith('/') ? '/' : ''
  const steps: string[] = []
  for (const step of whole.split('/')) {
    if (step === '' || step === '.') continue
    if (step !== '..') steps.push(step)
    else if (steps.length > 0 && steps.at(-1) !== '..') steps.pop()
    else if (root === '') steps.push('..')
  }
  return root + steps.join('/') || '.'
}

/** The way from one folder to another path, both seen from the same place: `../x` of `a` and `x`. */
export function relativePath(from: string, to: string): string {
  if (isAbsolute(to) || from.startsWith('/')) return to
  const [here, there] = [joinPath('.', from), joinPath('.', to)].map((path) =>
    path === '.' ? [] : path.split('/'),
  )
  const [start, end] = [here ?? [], there ?? []]
  let shared = 0
  while (shared < start.length && shared < end.length && start[shared] === end[shared]) shared++
  const up = start.slice(shared)
  if (up.includes('..')) return to
  return [...up.map(() => '..'), ...end.slice(shared)].join('/') || '.'
}

/** Rooted, in a home folder, on a Windows drive, or a URL. */
export function isAbsolute(path: string): boolean {
  return /^(?:[/~\\]|[A-Za-z]:[\\/]|[a-z][a-z+.-]*:\/\/|git@)/.test(path)
}
