/**
 * Lengths and heads of Celery queues. KEYS: each queue's key; ARGV: separator and priority steps, the first of which
 * has the plain key. A row is the total and, for each step with messages, {step, id, eta} of the one that is next;
 * or the text of an error. Messages stay in Redis: their bodies may be large.
 */
export const CELERY_QUEUES_SCRIPT = `
local call = redis.call
local function read(key)
  local total, heads = 0, {}
  for i = 2, #ARGV do
    local list = i == 2 and key or (key .. ARGV[1] .. ARGV[i])
    local count = call('LLEN', list)
    if count > 0 then
      total = total + count
      local head = call('LINDEX', list, -1)
      heads[#heads + 1] = {
        ARGV[i],
        string.match(head, '"correlation_id"%s*:%s*"([^"]+)"') or '',
        string.match(head, '"eta"%s*:%s*"([^"]+)"') or '',
      }
    end
  end
  return {total, heads}
end
local rows = {}
for i = 1, #KEYS do
  local ok, row = pcall(read, KEYS[i])
  rows[i] = ok and row or tostring(type(row) == 'table' and row.err or row)
end
return rows
`

/**
 * Messages that workers have taken and not acknowledged, of the whole database. KEYS: the hash; ARGV: how many at most
 * are looked at, and how many bytes. Returns the number, and {routing key, id, eta} of each, or nothing instead of
 * them when they are too many or too large to look at.
 */
export const CELERY_UNACKED_SCRIPT = `
local call = redis.call
local total = call('HLEN', KEYS[1])
if total == 0 then return {0, {}} end
if total > tonumber(ARGV[1]) then return {total} end
local tags, bytes = call('HKEYS', KEYS[1]), 0
for _, tag in ipairs(tags) do bytes = bytes + call('HSTRLEN', KEYS[1], tag) end
if bytes > tonumber(ARGV[2]) then return {total} end
local rows = {}
for i, tag in ipairs(tags) do
  local text = call('HGET', KEYS[1], tag)
  rows[i] = {
    string.match(text, '"([^"]*)"%s*%]%s*$') or '',
    string.match(text, '"correlation_id"%s*:%s*"([^"]+)"') or '',
    string.match(text, '"eta"%s*:%s*"([^"]+)"') or '',
  }
end
return {total, rows}
`

export type CeleryRow = readonly [
  total: number,
  heads: readonly (readonly [step: string, id: string, eta: string])[],
]

export type CeleryUnacked = readonly [
  total: number,
  rows?: readonly (readonly [routingKey: string, id: string, eta: string])[],
]
