/** What a bind mount's source is on the machine that imports. */
export type BindSource =
  | { readonly kind: 'missing' }
  /** A socket, a device, or something that cannot be read. */
  | { readonly kind: 'other'; readonly why: string }
  /** `text` is absent when it is too large or not text; `why` says which. */
  | { readonly kind: 'file'; readonly text?: string; readonly why?: string }
  /** `files` is absent when there are too many, or not all of them are text. Paths are relative to the folder. */
  | {
      readonly kind: 'folder'
      readonly files?: readonly { readonly path: string; readonly text: string }[]
      readonly why?: string
    }

/** By the source as the compose model has it: `./prometheus/prometheus.yml`. */
export type BindSources = ReadonlyMap<string, BindSource>
