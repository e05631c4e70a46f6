/** A sign for each state of health, so that its colour says nothing new. */
export const SIGNS = {
  healthy: '✓',
  idle: '○',
  starting: '↑',
  waiting: '…',
  degraded: '!',
  down: '✕',
  unknown: '?',
}

/** The worst first. */
export const ORDER = ['down', 'degraded', 'unknown', 'waiting', 'starting', 'healthy', 'idle']
