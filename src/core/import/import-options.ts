import type { AutoscaleKey } from '../compose/autoscale.ts'
import type { Autoscale } from '../compose/autoscale-schema.ts'
import type { ComposeModel } from '../compose/model.ts'
import type { BindSources } from './bind-source.ts'
import type { ImportPlaces } from './context.ts'

export interface ImportOptions {
  readonly model: ComposeModel
  readonly autoscale?: { readonly value: Autoscale; readonly keys: readonly AutoscaleKey[] }
  readonly binds: BindSources
  readonly places: ImportPlaces
  /** Only services without a profile or with one of these. Default: all, each with its profiles. */
  readonly profiles?: readonly string[]
}
