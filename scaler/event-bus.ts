import type { Clock, Subscription } from '../src/ports.ts'
import type { ScalerEvent, ScalerFact } from './reports.ts'

export type EventListener = (event: ScalerEvent) => void

export interface EventBus {
  /** @param message one line for people */
  emit(fact: ScalerFact, message: string): void
  subscribe(listener: EventListener): Subscription
}

/** Tells every listener of every event. One that throws is not asked again: the others, and the scaler, go on. */
export function createEventBus(clock: Clock, onBroken: (error: unknown) => void = () => undefined): EventBus {
  const listeners = new Set<EventListener>()
  let id = 0
  return {
    emit(fact, message) {
      const event: ScalerEvent = { id: ++id, at: clock.now(), message, ...fact }
      for (const listener of [...listeners])
        try {
          listener(event)
        } catch (error) {
          listeners.delete(listener)
          onBroken(error)
        }
    },
    subscribe(listener) {
      listeners.add(listener)
      return {
        close() {
          listeners.delete(listener)
        },
      }
    },
  }
}
