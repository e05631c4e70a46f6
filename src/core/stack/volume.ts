/** A volume by its kind, defaults filled in. */
export type Volume =
  | { readonly type: 'host'; readonly source: string }
  | {
      readonly type: 'dynamic'
      readonly plugin: string
      readonly capacityMb?: number
      readonly uid?: number
      readonly gid?: number
      readonly mode: string
    }
  | {
      readonly type: 'csi'
      readonly source: string
      readonly accessMode: string
      readonly attachmentMode: string
      readonly mountFlags: readonly string[]
      readonly fsType?: string
    }
  | {
      readonly type: 'docker'
      readonly source: string
      readonly driver?: string
      readonly options: Readonly<Record<string, string>>
    }
