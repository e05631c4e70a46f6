import type { ScalarEvent } from 'js-yaml'
import { type ComposeState, report } from './compose-state.ts'
import { resolvePlain } from './scalar.ts'

/** Anchor and tag of a value. */
export type Properties = Pick<ScalarEvent, 'anchorStart' | 'anchorEnd' | 'tagStart' | 'tagEnd'>

const CORE_TAG = /^(?:!!|!<tag:yaml\.org,2002:)(str|int|float|bool|null|map|seq)>?$/

/** How each core type is called in messages, and the values that are of it. */
export const CORE_TYPES: Readonly<
  Record<string, { readonly name: string; readonly fits: (value: unknown) => boolean }>
> = {
  str: { name: 'a text', fits: () => true },
  int: { name: 'a whole number', fits: Number.isSafeInteger },
  float: { name: 'a number', fits: (value) => typeof value === 'number' },
  bool: { name: 'true or false', fits: (value) => typeof value === 'boolean' },
  null: { name: 'null', fits: (value) => value === null },
  map: { name: 'a map', fits: () => false },
  seq: { name: 'a list', fits: () => false },
}

/** The tag to keep, or the name of the core type that the tag asks for. */
export function readTag(state: ComposeState, event: Properties): { tag?: string; core?: string } {
  if (event.tagStart < 0) return {}
  const tag = state.text.slice(event.tagStart, event.tagEnd)
  if (state.customTags.has(tag)) return { tag }
  const core = tag === '!' ? undefined : CORE_TAG.exec(tag)?.[1]
  if (core !== undefined) return { core }
  report(state, event.tagStart, `unknown tag "${tag}"`, 'remove it, or quote a text that starts with "!"')
  return {}
}

/** The value of a text that a core tag such as `!!str` stands before. */
export function convert(state: ComposeState, offset: number, core: string, written: string): unknown {
  if (core === 'str') return written
  const value = resolvePlain(written)
  const type = CORE_TYPES[core]
  if (!type?.fits(value)) report(state, offset, `"${written}" is not ${type?.name}`)
  return value
}
