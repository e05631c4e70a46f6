import type { DocumentPath, Position } from '../issue.ts'
import type { Environment, Parts } from './parts.ts'
import type { ComposeService } from './service.ts'
import type { ComposeVariable } from './variables.ts'

/** A value of the model and the compose key that it comes from. */
export interface Sourced<T> {
  readonly value: T
  /** As in `ComposeKey`: `deploy.resources.limits.cpus` within a service, `volumes.data.name` outside. */
  readonly key: string
  readonly position: Position
  /** What the author wrote about it. */
  readonly comment?: string
}

/** Merged compose files: what compose itself would run, with every value's origin. */
export interface ComposeModel {
  readonly name?: Sourced<Parts>
  readonly services: Readonly<Record<string, ComposeService>>
  readonly volumes: Readonly<Record<string, ComposeVolume>>
  readonly networks: Readonly<Record<string, ComposeNetwork>>
  readonly secrets: Readonly<Record<string, ComposeFileObject>>
  readonly configs: Readonly<Record<string, ComposeFileObject>>
  /** Every key of the files, for an account of what became of each. */
  readonly keys: readonly ComposeKey[]
  /** Every comment at a key that is in force, in the order of the model. */
  readonly comments: readonly ComposeComment[]
  /** Every variable that the files name. */
  readonly variables: readonly ComposeVariable[]
  /** What the variables stand for: env files and, before them, what the caller gave. */
  readonly env: Environment
  /** Relative paths in the model start here. */
  readonly folder: string
}

/** One compose key as it stands in a file; the smallest thing that can be mapped or dropped by itself. */
export interface ComposeKey {
  /** Absent for keys outside `services`. */
  readonly service?: string
  readonly key: string
  readonly path: DocumentPath
  readonly position: Position
  readonly comment?: string
  /**
   * `effective`: in the model; `replaced`: a later file says otherwise (`by`); `reset`: `!reset` removed it (`by`);
   * `directive`: carried out by the reader (`extends`, `include`) or without meaning (`version`);
   * `extension`: an `x-*` key, in the model only where an alias uses it.
   */
  readonly state: 'effective' | 'replaced' | 'reset' | 'directive' | 'extension'
  readonly by?: Position
}

/** What the author wrote at a key: lines directly above it and the end of its line, without `#`. */
export interface ComposeComment {
  readonly service?: string
  /** As in `ComposeKey`; empty for the service itself. Also a key that only holds others, such as `ports`. */
  readonly key: string
  readonly position: Position
  readonly text: string
}

export interface ComposeVolume {
  readonly position: Position
  readonly comment?: string
  /** The name that docker knows it by. */
  readonly name?: Sourced<Parts>
  readonly driver?: Sourced<Parts>
  readonly driverOptions: Readonly<Record<string, Sourced<Parts | null>>>
  readonly labels: Readonly<Record<string, Sourced<Parts | null>>>
  /** Not made by this project. */
  readonly external?: Sourced<boolean>
}

export interface ComposeNetwork extends ComposeVolume {
  /** Without a way to the outside. */
  readonly internal?: Sourced<boolean>
  readonly attachable?: Sourced<boolean>
}

/** A top-level secret or config: exactly one of the three, or external. */
export interface ComposeFileObject {
  readonly position: Position
  readonly comment?: string
  readonly name?: Sourced<Parts>
  /** Path seen from `ComposeModel.folder`. */
  readonly file?: Sourced<Parts>
  /** Name of an environment variable. */
  readonly environment?: Sourced<Parts>
  readonly content?: Sourced<Parts>
  readonly external?: Sourced<boolean>
}
