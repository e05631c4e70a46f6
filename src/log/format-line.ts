import { createColors } from 'picocolors'

/** A line of JSON as people read it: `13:02:11.042 warn  message key=value`, in the time of this machine. */
export function formatLine(line: string, color: boolean): string {
  const { time, level, message, ...fields } = JSON.parse(line) as Record<string, unknown>
  const colors = createColors(color)
  const paint = { error: colors.red, warn: colors.yellow, debug: colors.dim }[String(level)] ?? String
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${show(value)}`)
  const words = [colors.dim(clock(String(time))), paint(String(level).padEnd(5)), plain(String(message))]
  if (rest.length > 0) words.push(colors.dim(rest.join(' ')))
  return `${words.join(' ')}\n`
}

function clock(time: string): string {
  const date = new Date(time)
  const two = (value: number) => String(value).padStart(2, '0')
  const of = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${of}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

function show(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? ''
  return /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value)
}

/** One line, and no orders to the terminal: what others wrote may be part of it. */
function plain(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(/\p{Cc}/gu, '')
}
