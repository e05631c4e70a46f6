import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Unmounts what is still mounted under a folder, so that the folder can be removed. */
export function unmountUnder(folder: string): void {
  const points = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(`${folder}/`))
  // The innermost is mounted last.
  for (const point of points.reverse()) execFileSync('umount', [point], { stdio: 'ignore' })
}
