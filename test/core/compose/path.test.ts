import { describe, expect, it } from 'vitest'
import { folderOf, isAbsolute, joinPath, relativePath } from '../../../src/core/compose/path.ts'

describe('paths', () => {
  it.each([
    ['docker/compose.yml', 'docker'],
    ['compose.yml', '.'],
    ['/compose.yml', '/'],
    ['../a/b.yml', '../a'],
  ])('folderOf %s is %s', (path, folder) => {
    expect(folderOf(path)).toBe(folder)
  })

  it.each([
    ['docker', '../common/x.yml', 'common/x.yml'],
    ['.', './x', 'x'],
    ['.', '../x', '../x'],
    ['..', '../x', '../../x'],
    ['/a', '../../x', '/x'],
    ['a', '.', 'a'],
    ['a', '..', '.'],
    ['a', '/x', '/x'],
    ['a', '~/x', '~/x'],
    ['a', 'https://x/y.git', 'https://x/y.git'],
  ])('joinPath %s %s is %s', (folder, path, joined) => {
    expect(joinPath(folder, path)).toBe(joined)
  })

  it.each([
    ['.', 'inc', 'inc'],
    ['docker', 'common', '../common'],
    ['docker', 'docker/x', 'x'],
    ['../a', '../b', '../b'],
    ['../a', '../../b', '../../b'],
    ['a/b', 'a/b', '.'],
    ['a', '/abs', '/abs'],
  ])('relativePath from %s to %s is %s', (from, to, way) => {
    expect(relativePath(from, to)).toBe(way)
  })

  it.each(['/a', '~/a', 'C:\\a', 'c:/a', 'git@h:x', 'https://h'])('%s is absolute', (path) => {
    expect(isAbsolute(path)).toBe(true)
  })

  it.each(['a', './a', '../a', 'a:b'])('%s is not', (path) => {
    expect(isAbsolute(path)).toBe(false)
  })
})
