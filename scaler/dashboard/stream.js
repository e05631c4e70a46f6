const KINDS = ['decision', 'action', 'observed', 'source', 'cluster', 'leader', 'order', 'alert', 'config']
const AGAIN_MS = [1000, 2000, 5000, 10_000]

/**
 * Follows what happens. The browser takes up a broken stream where it was by itself; where it gives up, since the
 * answer was an error, a new one is opened after a while.
 * @param onEvent told each event
 * @param onState told 'live', or 'reconnecting'
 * @param onOpen called when it is open, and when not all can be told any more: what came before is to be read
 */
export function follow({ onEvent, onState, onOpen }) {
  let source
  let timer
  let failures = 0
  const open = () => {
    source = new EventSource('v1/events')
    source.addEventListener('open', () => {
      failures = 0
      onState('live')
      onOpen()
    })
    source.addEventListener('error', () => {
      onState('reconnecting')
      if (source.readyState !== EventSource.CLOSED) return
      timer = setTimeout(open, AGAIN_MS[Math.min(failures++, AGAIN_MS.length - 1)])
    })
    source.addEventListener('missed', onOpen)
    for (const kind of KINDS) source.addEventListener(kind, ({ data }) => onEvent(JSON.parse(data)))
  }
  open()
  return () => {
    clearTimeout(timer)
    source.close()
  }
}
