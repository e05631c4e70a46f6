import type { Member } from './census.ts'

export type IdleMember = Member & { readonly idleSince: number }

/** Known to be idle, and since when. */
export function isIdle(member: Member): member is IdleMember {
  return member.state === 'idle' && member.idleSince !== undefined
}
