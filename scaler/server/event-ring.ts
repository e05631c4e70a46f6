import type { ScalerEvent } from '../reports.ts'

/** An event as it is sent, made once for all who listen. */
export interface Frame {
  /** Counts up by 1 from frame to frame. */
  readonly sequence: number
  readonly kind: ScalerEvent['kind']
  /** Key of the group that it is about; empty for none. */
  readonly group: string
  readonly text: string
}

export interface EventRing {
  push(frame: Omit<Frame, 'sequence'>): void
  /** The first frame from this sequence on that is still kept. */
  at(sequence: number): Frame | undefined
  /** Sequence of the oldest that is kept, and of the next one to come. */
  oldest(): number
  next(): number
}

/** Keeps the newest frames: at most so many, and at most so many characters of them. */
export function createEventRing(maxFrames: number, maxCharacters: number): EventRing {
  const frames: Frame[] = []
  let next = 1
  let characters = 0
  return {
    push(frame) {
      frames.push({ ...frame, sequence: next++ })
      characters += frame.text.length
      // The newest stays however long it is: somebody waits for it.
      while (frames.length > 1 && (frames.length > maxFrames || characters > maxCharacters))
        characters -= frames.shift()?.text.length ?? 0
    },
    at: (sequence) => frames[Math.max(0, sequence - (next - frames.length))],
    oldest: () => next - frames.length,
    next: () => next,
  }
}
