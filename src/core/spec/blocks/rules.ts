/**
 * The kinds of value that a job spec attribute holds.
 *
 * - `duration`: a Go duration such as "1h30m"; the API takes nanoseconds.
 * - `strings`, `ints`: lists.
 * - `map`: a map of strings that HCL knows as a block only, so its keys must be identifiers.
 * - `openMap`: a map of strings that HCL also takes as an attribute, so any key goes.
 * - `argMap`: a map of strings that HCL takes as an attribute only.
 * - `headers`: a block of lists of strings.
 * - `free`: a block whose content Nomad does not know (driver config, autoscaler policy).
 */
export interface ValueTypes {
  string: string
  int: number
  bool: boolean
  duration: string
  strings: readonly string[]
  ints: readonly number[]
  map: Readonly<Record<string, string>>
  openMap: Readonly<Record<string, string>>
  argMap: Readonly<Record<string, string>>
  headers: Readonly<Record<string, readonly string[]>>
  free: FreeBody
}

export type ValueType = keyof ValueTypes

/** Content of a `free` block, as a tree of plain values. */
export type FreeValue = string | number | boolean | readonly FreeValue[] | FreeBody
export type FreeBody = { readonly [key: string]: FreeValue | undefined }

/**
 * `int`, `int!` (required), `int CPU` (its name in the API where that is not the PascalCase of the key), `int -`
 * (the API has no field for it, other fields take it up).
 */
export type AttributeRule = ValueType | `${ValueType}!` | `${ValueType} ${string}` | `${ValueType}! ${string}`

/** A block inside a block. */
export interface SubBlockRule<B extends string = string> {
  readonly kind: 'one' | 'many' | 'labelled'
  /** Name of its own rules in the table. */
  readonly block: B
  /** Name in the API where that is not the PascalCase of the key. */
  readonly json: string | undefined
  /** API field that takes the label, for `labelled`. */
  readonly label?: string
  /** The API holds the labelled blocks as a map rather than a list. */
  readonly keyed?: boolean
  /** Only Nomad Enterprise accepts it. */
  readonly enterprise?: boolean
}

/** Fields of one block in the order in which they are printed: attributes first. */
export type BlockRule = { readonly [key: string]: AttributeRule | SubBlockRule }
export type BlockTable = { readonly [block: string]: BlockRule }

/** A block that occurs at most once: an object in the tree. */
export const one = <const B extends string>(block: B, json?: string) =>
  ({ kind: 'one', block, json }) as const

/** A block without label that occurs any number of times: a list of objects in the tree. */
export const many = <const B extends string>(block: B, json: string) =>
  ({ kind: 'many', block, json }) as const

/** A block with a label: an object keyed by label in the tree. */
export const labelled = <const B extends string>(block: B, json: string, label: string) =>
  ({ kind: 'labelled', block, json, label }) as const

/** A labelled block that the API too keys by label. */
export const keyed = <const B extends string>(block: B, json: string) =>
  ({ kind: 'labelled', block, json, label: 'Name', keyed: true }) as const

/** Marks a block that only Nomad Enterprise accepts. */
export const enterprise = <const R extends SubBlockRule>(rule: R) => ({ ...rule, enterprise: true }) as const
