import type { DocumentPath } from '../issue.ts'

/** A service that runs elsewhere. */
export interface External {
  readonly name: string
  readonly path: DocumentPath
  readonly description?: string
  /** What an http check speaks. */
  readonly protocol: 'http' | 'https'
  readonly host: string
  readonly port: number
  readonly checks: readonly ExternalCheck[]
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, string>>
}

export type ExternalCheck = {
  readonly name: string
  readonly interval: string
  readonly timeout: string
  readonly retries: number
  readonly path: DocumentPath
} & (
  | { readonly type: 'http'; readonly httpPath: string; readonly method: 'GET' | 'HEAD' }
  | { readonly type: 'tcp' }
)
