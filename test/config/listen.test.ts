import { expect, it } from 'vitest'
import { isLoopback, parseListen } from '../../src/config/listen.ts'

it.each([
  ['127.0.0.1:7646', '127.0.0.1', 7646, true],
  ['localhost:0', 'localhost', 0, true],
  ['[::1]:80', '::1', 80, true],
  ['[::]:80', '::', 80, false],
  ['0.0.0.0:65535', '0.0.0.0', 65535, false],
  ['node-1.example:80', 'node-1.example', 80, false],
])('reads %s', (text, host, port, loopback) => {
  const address = parseListen(text)
  expect(address).toEqual({ host, port })
  expect(address && isLoopback(address)).toBe(loopback)
})

it.each([
  '',
  '7646',
  ':7646',
  'host',
  'host:',
  'host:65536',
  '::1:80',
  'http://host:80',
  'host:80/x',
  '[host]:80',
])('does not take %j', (text) => expect(parseListen(text)).toBeUndefined())
