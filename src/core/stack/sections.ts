/** The sections that hold jobs, and the kind of job each holds. */
export const SECTIONS = {
  services: 'service',
  workers: 'worker',
  batch: 'batch',
  periodic: 'periodic',
  system: 'system',
} as const

export type Section = keyof typeof SECTIONS
export type JobKind = (typeof SECTIONS)[Section]
