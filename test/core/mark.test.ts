import { describe, expect, it } from 'vitest'
import { markOf, renderedFrom } from '../../src/core/mark.ts'

describe('the mark of a rendered file', () => {
  it.each(['shop', 'my_shop-2'])('is found again: %s', (name) => {
    expect(renderedFrom('jobs/a.nomad.hcl', `${markOf(name)}job "a" {}\n`)).toBe(name)
    const json = JSON.stringify({ Job: { Meta: { drover_stack: name } } })
    expect(renderedFrom('a.nomad.json', json)).toBe(name)
  })

  it.each([
    ['a.nomad.hcl', ''],
    ['a.nomad.hcl', 'job "a" {}\n'],
    ['a.nomad.hcl', `\n${markOf('shop')}`],
    ['a.nomad.hcl', `#${markOf('shop')}`],
    ['a.nomad.hcl', '# Rendered by drover from the stack \n'],
    ['a.nomad.hcl', '{"Job":{"Meta":{"drover_stack":"shop"}}}'],
    ['a.nomad.json', ''],
    ['a.nomad.json', markOf('shop')],
    ['a.nomad.json', 'null'],
    ['a.nomad.json', '{"Job":null}'],
    ['a.nomad.json', '{"Job":{"Meta":{"drover_stack":5}}}'],
  ])('is not found in %s: %j', (path, text) => expect(renderedFrom(path, text)).toBeUndefined())
})
