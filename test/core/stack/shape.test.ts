import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { stackJsonSchema } from '../../../src/core/stack/json-schema.ts'
import { normalize } from '../../../src/core/stack/normalize.ts'
import type { WrittenStack } from '../../../src/core/stack/schema/stack.ts'
import { fits, misfits } from '../../../src/core/stack/shape.ts'

const ROOT = join(import.meta.dirname, '../../..')
const compiled = await compiledCheck()
const STACK = readFileSync(join(ROOT, 'stack.yml'), 'utf8')
const fresh = (): Record<string, unknown> => parse(STACK, { merge: true, maxAliasCount: -1 })

/** What a program does with the compiled checker: what is only out of bounds is found by normalize. */
function accepts(value: unknown): boolean {
  if (!compiled(value)) return false
  try {
    normalize(value as WrittenStack, new Map())
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

describe('the checker that the build compiles from the schema', () => {
  it('takes the reference stack, and so does the schema', () => {
    expect([accepts(fresh()), fits(fresh()), misfits(fresh())]).toEqual([true, true, []])
  })

  it.each([
    ['a duration beyond 292 years', { services: { a: { image: 'x:1', kill_timeout: '3000000h' } } }],
    ['memory that Nomad refuses', { services: { a: { image: 'x:1', resources: { memory: '5MB' } } } }],
    [
      'a port beyond 65535',
      { services: { a: { image: 'x:1', ports: { p: { container: 1, publish: '127.0.0.1:70000' } } } } },
    ],
    [
      'an affinity of weight 0',
      { services: { a: { image: 'x:1', affinities: [{ attribute: 'x', weight: 0 }] } } },
    ],
    ['a million retries', { services: { a: { image: 'x:1', checks: [{ type: 'tcp', retries: 1e6 }] } } }],
    ...[
      'max: 100001',
      'max: 4, min: -1',
      'max: 4, keep_alive: 3000000h',
      'max: 4, up: {cooldown: 3000000h}',
      'max: 4, down: {max_per_minute: 0}',
      'max: 4, strategies: {latency: {target: 3000000h}}',
      'max: 4, strategies: {step: {up_at: 1, down_at: 0, cooldown: 3000000h}}',
      'max: 4, strategies: {backlog: {spares: 1}}',
    ].map((scale): [string, object] => [
      scale,
      { workers: { a: { image: 'x:1', queues: ['q'], scale: parse(`{${scale}}`) } } },
    ]),
    ['a name of capitals', { services: { A: { image: 'x:1' } } }],
  ])('refuses %s, as the schema does', (_, more) => {
    const stack = { name: 's', ...more }
    expect([accepts(stack), fits(stack)]).toEqual([false, false])
    expect(misfits(stack)).not.toEqual([])
  })

  it('agrees with the schema wherever a stack is spoiled', () => {
    const junk = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        true,
        0,
        -1,
        0.5,
        1e10,
        '',
        ' ',
        '5m',
        '2GB',
        '0644',
        '9999999h',
        '1MB',
        [],
        {},
        ['a'],
      ),
      fc.string(),
      fc.integer(),
      fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }),
    )
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { minLength: 1, maxLength: 7 }),
        junk,
        fc.boolean(),
        (way, value, addKey) => {
          const stack = spoil(fresh(), way, value, addKey)
          expect(accepts(stack)).toBe(fits(stack))
        },
      ),
      // Always the same spoiled stacks: a change of something else must not fail here.
      { numRuns: 150, seed: 1 },
    )
  })
})

/** Goes down by the numbers, as far as there is something below, and puts the value there. */
function spoil(
  root: Record<string, unknown>,
  way: readonly number[],
  value: unknown,
  addKey: boolean,
): unknown {
  let here: Record<string, unknown> = root
  for (const [depth, step] of way.entries()) {
    const keys = Object.keys(here)
    const key = keys[step % keys.length]
    if (key === undefined) break
    const next = here[key]
    if (depth === way.length - 1 || typeof next !== 'object' || next === null) {
      if (addKey && !Array.isArray(here)) here.unheard_of = value
      else here[key] = value
      return root
    }
    here = next as Record<string, unknown>
  }
  return root
}

async function compiledCheck(): Promise<(value: unknown) => boolean> {
  const script = pathToFileURL(join(ROOT, 'script/stack-shape.mjs')).href
  const { compileShape } = (await import(script)) as { compileShape(schema: object): string }
  const module = { exports: {} as (value: unknown) => boolean }
  new Function('module', 'require', compileShape(stackJsonSchema()))(module, createRequire(import.meta.url))
  return module.exports
}
