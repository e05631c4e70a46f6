import { describe, expect, it } from 'vitest'
import { bare, readTexts } from './read-texts.ts'

describe('include', () => {
  it('brings in services, volumes and networks with their paths', () => {
    const { model, lines } = readTexts(
      {
        'c.yml': `
include:
  - sub/one.yml
  - {path: [two/a.yml, two/b.yml], project_directory: two}
services:
  main: {image: i, depends_on: [one, two]}
`,
      },
      {
        others: {
          'sub/one.yml':
            'name: ignored\nservices: {one: {image: i, volumes: ["./x:/x", "data:/d"]}}\nvolumes: {data: }\nsecrets: {s: {file: ./s}}',
          'two/a.yml': 'services: {two: {image: "i:${TAG}", build: .}}',
          'two/b.yml': 'services: {two: {user: u}}',
          'two/.env': 'TAG=7',
        },
      },
    )
    expect(lines).toEqual([])
    expect(Object.keys(model.services).sort()).toEqual(['main', 'one', 'two'])
    expect(bare(model.services.one?.volumes)).toMatchObject([{ source: './sub/x' }, { source: 'data' }])
    expect(bare(model.secrets)).toMatchObject({ s: { file: './sub/s' } })
    expect(bare(model.services.two)).toMatchObject({ user: 'u', build: { context: './two' } })
    expect(model.env).toEqual({ TAG: '7' })
    expect(model).not.toHaveProperty('name')
  })

  it('lets the including project set variables, and later files change what was included', () => {
    const { model, lines } = readTexts(
      {
        'c.yml': 'include: [{path: sub/one.yml, env_file: [x.env]}]',
        'over.yml': 'services: {one: {user: "${U}"}}',
      },
      {
        env: { U: 'outer' },
        others: { 'sub/one.yml': 'services: {one: {image: "${I}", user: a}}', 'x.env': 'U=inner\nI=i' },
      },
    )
    expect(lines).toEqual([])
    expect(model.env).toEqual({ U: 'outer', I: 'i' })
    expect(model.services.one?.user?.value).toEqual([{ variable: 'U' }])
  })

  it('follows includes in included files', () => {
    const { model } = readTexts(
      { 'c.yml': 'include: [a/a.yml]\nservices: {top: {image: i}}' },
      {
        others: {
          'a/a.yml': 'include: [../b/b.yml]\nservices: {a: {image: i}}',
          'b/b.yml': 'services: {b: {image: i, build: ./x}}',
        },
      },
    )
    expect(Object.keys(model.services).sort()).toEqual(['a', 'b', 'top'])
    expect(bare(model.services.b?.build?.context)).toBe('./b/x')
  })

  it('reports circles, missing files, missing env files and conflicts, all at once', () => {
    const { lines } = readTexts(
      {
        'c.yml': `include:
  - a.yml
  - none.yml
  - {path: b.yml, env_file: none.env}
  - {project_directory: x}
services:
  b: {image: other}
  same: {image: i}
`,
      },
      {
        others: {
          'a.yml': 'include: [c.yml]\nservices: {a: {image: i}}',
          'b.yml': 'services: {b: {image: i}, same: {image: i}}',
        },
      },
    )
    expect(lines).toEqual([
      'c.yml:3:5 include: none.yml does not exist',
      'c.yml:4:5 include: none.env does not exist',
      'c.yml:5:5 include: names no file',
      'c.yml:7:3 services.b: is also defined at b.yml:1, which line 4 includes (rename one, or change it in a file given after this one)',
      'a.yml:1:11 include: is a circle: c.yml -> a.yml -> c.yml',
    ])
  })
})
