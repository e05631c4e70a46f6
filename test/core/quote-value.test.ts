import { describe, expect, it } from 'vitest'
import { gotValue, isSecret, nameValue, quote } from '../../src/core/quote-value.ts'

describe('nameValue', () => {
  it.each([
    [undefined, 'nothing'],
    [null, 'nothing'],
    ['two', 'the text "two"'],
    [5, 'the number 5'],
    [true, 'true'],
    [[1], 'a list'],
    [{ a: 1 }, 'a map'],
  ])('%j is %s', (value, name) => {
    expect(nameValue(value)).toBe(name)
  })
})

it('quotes on one line and cuts after 60 characters', () => {
  expect(quote('a"b\nc')).toBe('"a\\"b\\nc"')
  expect(quote('x'.repeat(60))).toBe(`"${'x'.repeat(60)}"`)
  expect(quote('x'.repeat(61))).toBe(`"${'x'.repeat(59)}…"`)
})

describe('isSecret', () => {
  it.each([
    'password',
    'REDIS_PASSWORD',
    'db_passwd',
    'pass',
    'secret',
    'client_secret',
    'token',
    'API_TOKEN',
    'key',
    'API_KEY',
    'apiKey',
    'private-key',
    'keys',
    'credentials',
  ])('of %s', (name) => {
    expect(isSecret('hunter2', ['env', name])).toBe(true)
    expect(gotValue('hunter2', ['env', name])).toBe('')
    expect(nameValue('hunter2', ['env', name])).toBe('a text')
    expect(nameValue(1234, ['env', name])).toBe('a number')
  })

  it.each(['image', 'keep_alive', 'monkey', 'keyboard', 'passive', 'compass', 'author'])(
    'not of %s',
    (name) => {
      expect(isSecret('hunter2', [name])).toBe(false)
      expect(gotValue('hunter2', [name])).toBe(', got "hunter2"')
    },
  )

  it('of what looks like one wherever it stands', () => {
    expect(isSecret('redis://:hunter2@redis:6379/0', ['url'])).toBe(true)
    expect(isSecret('redis://redis:6379/0', ['url'])).toBe(false)
    expect(isSecret('-----BEGIN PRIVATE KEY-----', ['file'])).toBe(true)
  })
})
