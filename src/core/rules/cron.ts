interface Field {
  readonly name: string
  readonly min: number
  readonly max: number
  /** Names in place of numbers; the first stands for `min`, the abbreviation for the name. */
  readonly names?: readonly string[]
  /** Forms that only this field has. */
  readonly special?: RegExp
}

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

const SECOND: Field = { name: 'second', min: 0, max: 59 }
const YEAR: Field = { name: 'year', min: 1970, max: 2099 }
const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31, special: /^(?:l|lw|(?:[1-9]|0[1-9]|[12]\d|3[01])w)$/ },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of the week', min: 0, max: 7, names: DAYS, special: /^(?:[0-7]|[a-z]{3,9})(?:l|#[1-5])$/ },
]

const NICKNAMES = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@hourly']

/**
 * What is wrong with a cron line as Nomad reads it; undefined when it is sound. Five fields, a sixth for the
 * year, seven with the seconds in front. Unlike Nomad it refuses ranges that run backwards, which would never
 * come, and fields behind the seventh.
 */
export function cronProblem(line: string): string | undefined {
  const text = line.trim()
  if (text.startsWith('@'))
    return NICKNAMES.includes(text) ? undefined : `"${text}" is none of ${NICKNAMES.join(', ')}`
  const written = text.split(/\s+/)
  if (written.length < 5 || written.length > 7 || text === '')
    return `has ${text === '' ? 'no' : written.length} fields, needs 5 (minute, hour, day of the month, month, day of the week), 6 with the year or 7 with seconds in front`
  const fields = written.length === 7 ? [SECOND, ...FIELDS, YEAR] : [...FIELDS, YEAR]
  for (const [index, part] of written.entries()) {
    const problem = fieldProblem(part, fields[index] as Field)
    if (problem !== undefined) return problem
  }
  return undefined
}

function fieldProblem(written: string, field: Field): string | undefined {
  for (const entry of written.toLowerCase().split(',')) {
    const problem = entryProblem(entry, field)
    if (problem !== undefined) return `${field.name} "${written}": ${problem}`
  }
  return undefined
}

function entryProblem(entry: string, field: Field): string | undefined {
  const [, first, last, step] = /^(\*|\?|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/.exec(entry) ?? []
  if (field.special?.test(entry) && known(entry, field)) return undefined
  if (first === undefined || (first === '?' && entry !== '?') || (first === '*' && last !== undefined))
    return `"${entry}" cannot be read`
  const [from, to] = [first, last].map((word) =>
    word === undefined || word === '*' || word === '?' ? undefined : number(word, field),
  )
  for (const [word, value] of [
    [first, from],
    [last, to],
  ] as const)
    if (word !== undefined && word !== '*' && word !== '?' && value === undefined)
      return `${word} is not between ${field.min} and ${field.max}`
  // 7 ends a range of week days as Sunday does.
  if (from !== undefined && to !== undefined && from > to && !(field.names === DAYS && to === 0))
    return `${first}-${last} runs backwards`
  // Sunday is 7 as well as 0, but a week has no seventh step; Nomad reads steps up to 59.
  const most = field.names === DAYS ? 6 : Math.min(field.max, 59)
  if (step !== undefined && (Number(step) < 1 || Number(step) > most))
    return `a step of ${step} is not between 1 and ${most}`
  return undefined
}

/** A special form names a day, as a number or as a word. */
function known(entry: string, field: Field): boolean {
  const word = /^([a-z]{3,9})(?:l|#\d)$/.exec(entry)?.[1]
  return word === undefined || !field.names || number(word, field) !== undefined
}

function number(word: string, { min, max, names = [] }: Field): number | undefined {
  if (!/^\d+$/.test(word)) {
    const index = names.findIndex((name) => name === word || name.slice(0, 3) === word)
    return index === -1 ? undefined : index + min
  }
  const value = Number(word)
  return value >= min && value <= max && word.length <= Math.max(2, String(max).length) ? value : undefined
}
