import { describe, expect, it } from 'vitest'
import { isWithin } from '../../../src/core/compose/keys.ts'
import { readTexts } from './read-texts.ts'

const BASE = `name: p
version: "3"
x-log: &log
  driver: json-file
include: [inc.yml]
services:
  # the web
  web:
    image: i # pinned
    command: [a, b]
    ports:
      - "80:80" # public
      - {target: 1, published: 2}
    # why these values
    environment: {A: 1, B: 2}
    depends_on: [db]
    logging: *log
    healthcheck: {test: [CMD, x], interval: 5s}
    networks: []
    x-own: {deep: 1}
    env_file: e.env
  db: {extends: {service: web}, image: d}
volumes: {v: , w: {name: ww}}
`
const OVER = `services:
  web:
    command: c
    environment: [B=3]
    ports: !override ["81:80"]
    depends_on: {db: {condition: service_healthy}}
    healthcheck: !reset null
`
const { model, lines } = readTexts(
  { 'base.yml': BASE, 'over.yml': OVER },
  { others: { 'inc.yml': 'services: {inc: {image: j}}', 'e.env': 'E=1' } },
)

describe('the keys of a model', () => {
  it('account for every key of every file, with its place and what became of it', () => {
    expect(lines).toEqual([])
    const written = model.keys
      .filter(({ service }) => service !== 'db')
      .map(({ service, key, position, state, by }) =>
        [
          `${position.file}:${position.line}:${position.column}`,
          service ?? '-',
          key,
          state,
          ...(by ? [`${by.file}:${by.line}`] : []),
        ].join(' '),
      )
    expect(written).toEqual([
      'base.yml:1:1 - name effective',
      'base.yml:2:1 - version directive',
      'base.yml:3:1 - x-log extension',
      'base.yml:4:3 web logging.driver effective',
      'base.yml:5:1 - include directive',
      'base.yml:9:5 web image effective',
      'base.yml:10:5 web command replaced over.yml:3',
      'base.yml:12:9 web ports[0] replaced over.yml:5',
      'base.yml:13:10 web ports[1].target replaced over.yml:5',
      'base.yml:13:21 web ports[1].published replaced over.yml:5',
      'base.yml:15:19 web environment.A effective',
      'base.yml:15:25 web environment.B replaced over.yml:4',
      'base.yml:16:18 web depends_on.db replaced over.yml:6',
      'base.yml:18:19 web healthcheck.test reset over.yml:7',
      'base.yml:18:35 web healthcheck.interval reset over.yml:7',
      'base.yml:19:5 web networks effective',
      'base.yml:20:5 web x-own extension',
      'base.yml:21:5 web env_file[0] effective',
      'base.yml:23:11 - volumes.v effective',
      'base.yml:23:20 - volumes.w.name effective',
      'over.yml:3:5 web command effective',
      'over.yml:4:19 web environment.B effective',
      'over.yml:5:23 web ports[0] effective',
      'over.yml:6:23 web depends_on.db.condition effective',
      'over.yml:7:5 web healthcheck reset over.yml:7',
      'inc.yml:1:18 inc image effective',
    ])
  })

  it('name what a service inherits and what it changes', () => {
    const db = model.keys
      .filter(({ service }) => service === 'db')
      .map(({ key, state, position }) => `${position.line} ${key} ${state}`)
    expect(db).toContain('9 image replaced')
    expect(db).toContain('22 image effective')
    expect(db).toContain('22 extends directive')
    expect(db).toContain('12 ports[0] effective')
  })

  it('carry the comments of the author', () => {
    expect(
      model.comments.filter(({ service }) => service === 'web').map(({ key, text }) => [key, text]),
    ).toEqual([
      ['', 'the web'],
      ['image', 'pinned'],
      ['environment', 'why these values'],
    ])
    expect(model.services.web?.comment).toBe('the web')
    expect(model.services.web?.image?.comment).toBe('pinned')
    expect(
      model.keys.find(({ position }) => position.file === 'base.yml' && position.line === 12)?.comment,
    ).toBe('public')
  })

  it('put the entries of env files under the environment', () => {
    expect(model.services.web?.environment.E).toEqual({
      value: ['1'],
      key: 'env_file[0]',
      position: { file: 'e.env', line: 1, column: 1 },
    })
  })
})

describe('isWithin', () => {
  it.each([
    ['ports[0].target', 'ports[0]', true],
    ['ports[0]', 'ports[0]', true],
    ['ports[0]', 'ports', true],
    ['ports[10]', 'ports[1]', false],
    ['labels', 'label', false],
    ['labels["a.b"]', 'labels', true],
  ])('%s in %s: %s', (key, of, expected) => {
    expect(isWithin(key, of)).toBe(expected)
  })
})
