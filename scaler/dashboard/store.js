import { get, now } from './api.js'
import { follow } from './stream.js'

const POLL_MS = 2000
/** Events come in flocks: one look at the groups for all of them. */
const GATHER_MS = 120
const SPARK_MS = 60_000
const AGAIN_MS = 5000
const EVENTS = 50

/** What the page knows: read every two seconds, and at once when something happens. */
export function createStore(onChange) {
  const state = {
    groups: undefined,
    health: undefined,
    /** Sparklines by group. */
    sparks: new Map(),
    /** Newest first. */
    events: [],
    /** live, connecting, or reconnecting. */
    stream: 'connecting',
    /** How often it was opened: what came before is not in it. */
    opened: 0,
    /** When the scaler last answered, and why it does not now. */
    heardAt: undefined,
    trouble: undefined,
    version: undefined,
    startedAt: undefined,
  }
  const listeners = new Set()
  let timer
  let isReading = false
  let isWanted = false

  async function read() {
    clearTimeout(timer)
    if (isReading) {
      isWanted = true
      return
    }
    isReading = true
    isWanted = false
    try {
      const [{ groups }, health] = await Promise.all([
        get('v1/groups'),
        get('health/ready', { accept: [503] }),
      ])
      Object.assign(state, { groups, health, heardAt: now(), trouble: undefined })
    } catch (error) {
      state.trouble = error.message
    }
    isReading = false
    if (!document.hidden) timer = setTimeout(read, isWanted ? GATHER_MS : POLL_MS)
    onChange(state)
  }

  async function readSparks() {
    let isRead = document.hidden
    try {
      const { from, stepMs, groups } = document.hidden ? {} : await get('v1/series')
      if (groups !== undefined)
        state.sparks = new Map(groups.map((group) => [group.name, { from, stepMs, ...group }]))
      isRead = true
      onChange(state)
    } catch {
      // The groups say whether anybody answers.
    }
    setTimeout(readSparks, isRead ? SPARK_MS : AGAIN_MS)
  }

  async function readEvents() {
    try {
      const [{ events }, { version, startedAt }] = await Promise.all([
        get(`v1/history?limit=${EVENTS}`),
        get('health/live'),
      ])
      Object.assign(state, { events: mergeEvents(state.events, events, EVENTS), version, startedAt })
      onChange(state)
    } catch {
      // It is read again when the stream is back.
    }
  }

  function onEvent(event) {
    state.events = mergeEvents(state.events, [event], EVENTS)
    for (const listener of listeners) listener(event)
    clearTimeout(timer)
    timer = setTimeout(read, GATHER_MS)
  }

  return {
    state,
    /** Reads again now. */
    read,
    /** Told of each event; returns what ends that. */
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start() {
      read()
      readSparks()
      document.addEventListener('visibilitychange', () => document.hidden || read())
      follow({
        onEvent,
        onState(stream) {
          state.stream = stream
          onChange(state)
        },
        onOpen() {
          state.opened++
          readEvents()
        },
      })
    },
  }
}

/** Newest first, each once, without those that say nothing. */
export function mergeEvents(known, more, most) {
  const byKey = new Map([...known, ...more].map((event) => [`${event.at} ${event.id}`, event]))
  return [...byKey.values()]
    .filter(({ message }) => message !== '')
    .sort((a, b) => b.at - a.at || b.id - a.id)
    .slice(0, most)
}
