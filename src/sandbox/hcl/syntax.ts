/** What stands between the braces of a block, or in the whole file. */
export interface HclBody {
  readonly attributes: readonly HclAttribute[]
  readonly blocks: readonly HclBlock[]
}

export interface HclAttribute {
  readonly key: string
  readonly value: HclValue
  readonly at: Place
}

export interface HclBlock {
  readonly type: string
  readonly labels: readonly string[]
  readonly body: HclBody
  readonly at: Place
}

export type HclValue = string | number | boolean | null | readonly HclValue[] | HclMap
export type HclMap = { readonly [key: string]: HclValue }

/** Both count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** What Nomad would refuse, in about its words. */
export class HclError extends Error {
  override readonly name = 'HclError'

  constructor(words: string, { line, column }: Place) {
    super(`Failed to parse job: input.hcl:${line},${column}: ${words}`)
  }
}

/** HCL that Nomad can read and this reader cannot: functions, variables, conditions. */
export class HclNotEmulated extends Error {
  override readonly name = 'HclNotEmulated'

  constructor(what: string, { line, column }: Place) {
    super(`${what} (line ${line}, column ${column})`)
  }
}
