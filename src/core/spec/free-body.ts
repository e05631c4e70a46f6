import type { FreeBody, FreeValue } from './blocks/rules.ts'
import { checked } from './hcl.ts'

/**
 * Which keys of a body that Nomad does not know are blocks in HCL, and what is a block inside them. Any other
 * key is an attribute.
 */
export type BodyShape = { readonly [key: string]: BodyShape | LabelledShape }

/** Blocks with one label: an object keyed by label in the tree. */
export interface LabelledShape {
  readonly labelled: BodyShape
}

/** Policies as the Nomad Autoscaler reads them. */
export const POLICY_SHAPE: BodyShape = {
  check: { labelled: { strategy: { labelled: {} } } },
  target: { labelled: {} },
}

export interface Block {
  readonly label?: string
  readonly body: FreeBody
  readonly shape: BodyShape
}

/** What a key of a body holds, as blocks; undefined when it is an attribute. */
export function blocksOf(value: FreeValue, key: string, shape: BodyShape): readonly Block[] | undefined {
  const rule = Object.hasOwn(shape, key) ? shape[key] : undefined
  if (!rule) return undefined
  const bodies = isBody(value) ? [value] : Array.isArray(value) && value.every(isBody) ? value : undefined
  if (!isLabelled(rule)) return bodies?.map((body) => ({ body, shape: rule }))
  const labelled = bodies?.flatMap((body) => Object.entries(body))
  if (!labelled?.every((entry): entry is [string, FreeBody] => isBody(entry[1]))) return undefined
  return labelled.map(([label, body]) => ({ label, body, shape: rule.labelled }))
}

function isLabelled(shape: BodyShape | LabelledShape): shape is LabelledShape {
  return 'labelled' in shape
}

function isBody(value: FreeValue | undefined): value is FreeBody {
  return typeof value === 'object' && !Array.isArray(value)
}

type Json = Record<string, unknown>

/**
 * A body as Nomad's parser hands it to the driver: it does not know what is a block and what a map, so both
 * become a list of objects. Maps inside of maps and lists stay as they are.
 */
export function freeBodyJson(body: FreeBody, shape: BodyShape): Json {
  return mapEntries(body, (value, key) => {
    const blocks = blocksOf(value, key, shape)
    if (!blocks) return isBody(value) ? [plainJson(value)] : plainJson(value)
    if (blocks.length === 0) return undefined
    return blocks.map(({ label, body: inner, shape: innerShape }) => {
      const json = freeBodyJson(inner, innerShape)
      return label === undefined ? json : { [checked(label)]: [json] }
    })
  })
}

function plainJson(value: FreeValue): unknown {
  if (typeof value === 'string') return checked(value)
  if (Array.isArray(value)) return value.map(plainJson)
  return isBody(value) ? mapEntries(value, plainJson) : value
}

function mapEntries(body: FreeBody, change: (value: FreeValue, key: string) => unknown): Json {
  return Object.fromEntries(
    Object.entries(body).flatMap(([key, value]) => {
      const json = value === undefined ? undefined : change(value, key)
      return json === undefined ? [] : [[checked(key), json]]
    }),
  )
}
