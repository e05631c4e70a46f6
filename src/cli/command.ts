import type { InferredOptionTypes, Options } from 'yargs'
import type { Context } from './context.ts'

/** What a value may be, for shell completion: words, or a function that finds them. Without it: file names. */
export type Completer = (context: Context, words: readonly string[]) => Promise<readonly string[]>

/** One option, as yargs takes it, and what help and completion need on top. */
export interface OptionSpec extends Options {
  readonly describe: string
  /** The value's name in help: `NAME`. Default: by type (`FILE` must be said). */
  readonly value?: string
  readonly complete?: Completer
}

/** A word without dashes after the command. */
export interface ArgumentSpec extends OptionSpec {
  readonly type: 'string'
}

/** A command line that works as it stands, and what it does: `['render --check', 'say what would change']`. */
export type Example = readonly [line: string, what: string]

export type OptionSpecs = Readonly<Record<string, OptionSpec>>
export type ArgumentSpecs = Readonly<Record<string, ArgumentSpec>>

/** What a command's file exports as default. Made by defineCommand, which knows the types of its options. */
export interface CommandModule {
  /** In order of their place on the command line. */
  readonly arguments: ArgumentSpecs
  /** In the order of the help page. */
  readonly options: OptionSpecs
  readonly examples: readonly Example[]
  /** More for the help page, after the examples. */
  readonly notes?: string
  /** Returns the exit code. `args` has been checked against `arguments` and `options`. */
  run(args: never, context: Context): Promise<number>
}

type CamelCase<K> = K extends `${infer A}-${infer B}` ? `${A}${Capitalize<CamelCase<B>>}` : K

type Typed<T> = { readonly [K in keyof T as K | CamelCase<K>]: T[K] }

/** The values of options as `run` gets them, under their names as written and in camel case. */
export type Values<O extends OptionSpecs> = Typed<InferredOptionTypes<{ -readonly [K in keyof O]: O[K] }>>

interface Definition<A extends ArgumentSpecs, O extends OptionSpecs> {
  readonly arguments?: A
  readonly options?: O
  readonly examples: readonly Example[]
  readonly notes?: string
  run(args: Values<A> & Values<O>, context: Context): Promise<number>
}

export function defineCommand<
  const A extends ArgumentSpecs = Readonly<Record<never, never>>,
  const O extends OptionSpecs = Readonly<Record<never, never>>,
>(definition: Definition<A, O>): CommandModule {
  return { ...definition, arguments: definition.arguments ?? {}, options: definition.options ?? {} }
}
