/** A task as somebody adds it; it takes that long, and does nothing. */
export interface PretendTask {
  readonly id: string
  readonly name: string
  readonly ms: number
}
