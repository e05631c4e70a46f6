import { toNomadDuration } from '../units.ts'
import type { DiffField, DiffNode } from './nomad-answers.ts'

/** A field that differs, with where it stands: `group heavy, task heavy, Resources: MemoryMB 32 → 33`. */
export type FieldChange = string

/**
 * Every difference that a plan tells of. Nomad calls a scaling block edited that came with the last registration,
 * though nothing in it differs; that block counts only for what differs in it.
 * @param isCountKept groups whose count Nomad keeps, whatever the plan says of it
 */
export function listChanges(diff: DiffNode, isCountKept: (group: string) => boolean): FieldChange[] {
  const own = changesIn(diff, [])
  const groups = (diff.TaskGroups ?? []).flatMap((group) => {
    const name = group.Name ?? ''
    if (isWhole(group)) return [`group ${name} ${verbOf(group)}`]
    const at = [`group ${name}`]
    const fields = (group.Fields ?? []).filter((field) => !(field.Name === 'Count' && isCountKept(name)))
    const tasks = (group.Tasks ?? []).flatMap((task) =>
      isWhole(task)
        ? [`group ${name}: task ${task.Name} ${verbOf(task)}`]
        : changesIn(task, [...at, `task ${task.Name}`]),
    )
    return [...changesIn({ ...group, Fields: fields }, at), ...tasks]
  })
  return [...own, ...groups]
}

function changesIn(node: DiffNode, at: readonly string[]): FieldChange[] {
  const fields = (node.Fields ?? []).filter(({ Type }) => Type !== 'None')
  const objects = (node.Objects ?? []).flatMap((object) => {
    const name = object.Name ?? ''
    if (isWhole(object)) return [said(at, `${name} ${verbOf(object)}`)]
    const inside = changesIn(object, [...at, name])
    const isHidden = inside.length === 0 && object.Type !== 'None' && name !== 'Scaling'
    return isHidden ? [said(at, `${name} differs`)] : inside
  })
  return [...fields.map((field) => said(at, fieldText(field, at.at(-1) ?? ''))), ...objects]
}

function isWhole({ Type }: DiffNode): boolean {
  return Type === 'Added' || Type === 'Deleted'
}

function verbOf({ Type }: DiffNode): string {
  return Type === 'Added' ? 'is new' : 'goes'
}

function said(at: readonly string[], what: string): FieldChange {
  return at.length === 0 ? what : `${at.join(', ')}: ${what}`
}

const MAX_VALUE = 60

/** What an environment, a template or a variable held may be somebody's secret, so that only its name is told. */
function fieldText({ Name, Old, New }: DiffField, block: string): string {
  const isPrivate = /^(Env|Meta)\b/.test(Name) || /^(Template|Vault|Identity|Config)$/.test(block)
  const isLong = [Old, New].some((text) => text.length > MAX_VALUE || text.includes('\n'))
  const isImage = Name === 'image'
  if ((isPrivate && !isImage) || isLong) return Name
  return `${Name} ${valueText(Name, Old)} → ${valueText(Name, New)}`
}

/** Nomad tells times in nanoseconds. */
function valueText(name: string, value: string): string {
  if (/(Timeout|Interval|Delay|Grace|Deadline|Time|Stagger|Splay)$/.test(name) && /^\d+0{6}$/.test(value))
    return toNomadDuration(Number(value) / 1e6)
  return value || '(none)'
}
