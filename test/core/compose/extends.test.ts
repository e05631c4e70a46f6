import { describe, expect, it } from 'vitest'
import { bare, readTexts } from './read-texts.ts'

describe('extends', () => {
  it('lays a service over another one of the same file, through several steps', () => {
    const { model, lines } = readTexts({
      'c.yml': `
services:
  base: {image: i, environment: {A: 1, B: 2}, ports: ["1:1"]}
  middle: {extends: base, environment: [B=3], command: x}
  top:
    extends: {service: middle}
    environment: {C: 4}
    ports: ["2:2"]
    command: !reset null
`,
    })
    expect(lines).toEqual([])
    expect(bare(model.services.top)).toMatchObject({
      image: 'i',
      environment: { A: '1', B: '3', C: '4' },
      ports: [{ target: 1 }, { target: 2 }],
    })
    expect(model.services.top).not.toHaveProperty('command')
    expect(model.services.top?.image?.position.line).toBe(3)
    expect(model.services.top?.position.line).toBe(5)
  })

  it('takes services from other files, whose relative paths stay true', () => {
    const { model, lines } = readTexts(
      {
        'docker/c.yml': `
services:
  a:
    extends: {file: ../common/base.yml, service: one}
    volumes: [./own:/own]
volumes: {data: }
`,
      },
      {
        others: {
          'common/base.yml': `
services:
  one:
    extends: {file: deep/two.yml, service: two}
    build: {context: ., dockerfile: D}
    env_file: [one.env]
    volumes: ["./x:/x:ro", data:/d, /abs:/abs, {type: bind, source: ../y, target: /y}]
`,
          'common/deep/two.yml': 'services: {two: {build: ./ctx, volumes: ["./z:/z"], user: u}}',
          'common/one.env': 'ONE=1',
        },
      },
    )
    expect(lines).toEqual([])
    const service = model.services.a
    expect(bare(service?.volumes.map(({ value: { source, target } }) => `${source}:${target}`))).toEqual([
      '../common/deep/z:/z',
      '../common/x:/x',
      'data:/d',
      '/abs:/abs',
      '../y:/y',
      './own:/own',
    ])
    expect(bare([service?.build?.context, service?.environment, service?.user])).toEqual([
      '../common',
      { ONE: '1' },
      'u',
    ])
    expect(model.folder).toBe('docker')
  })

  it('reports circles, missing services, missing files, all at once', () => {
    const { lines } = readTexts(
      {
        'c.yml': `services:
  a: {image: i, extends: b}
  b: {image: i, extends: c}
  c: {image: i, extends: a}
  d: {image: i, extends: bb}
  e: {image: i, extends: {file: none.yml, service: x}}
  f: {image: i, extends: {file: other.yml, service: y}}
  g: {image: i, extends: {file: other.yml}}
`,
      },
      { others: { 'other.yml': 'services: {x: {image: i}}' } },
    )
    expect(lines.filter((line) => !line.includes('circle'))).toEqual([
      'c.yml:5:17 services.d.extends: there is no service "bb" in c.yml (it has a, b, c, d, e, f, g)',
      'c.yml:6:17 services.e.extends: none.yml does not exist',
      'c.yml:7:17 services.f.extends: there is no service "y" in other.yml (it has x)',
      'c.yml:8:17 services.g.extends: does not name a service (add "service: NAME")',
    ])
    expect(lines).toContain(
      'c.yml:4:17 services.a.extends: is a circle: c.yml#a -> c.yml#b -> c.yml#c -> c.yml#a (break it)',
    )
  })

  it('reports what is wrong in an extended file once, however many extend it', () => {
    const { lines } = readTexts(
      {
        'c.yml':
          'services: {a: {extends: {file: o.yml, service: x}}, b: {extends: {file: o.yml, service: x}}}',
      },
      { others: { 'o.yml': 'services: {x: {image: i, comand: y}}' } },
    )
    expect(lines).toEqual(['o.yml:1:26 services.x.comand: unknown key "comand" (did you mean "command"?)'])
  })
})
