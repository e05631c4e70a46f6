/** Between the names of queues in an argument: one text is a fraction of the work that hundreds are. */
export const NAME_SEPARATOR = '\u0000'

/** At most this many active jobs of a queue are looked at one by one. */
export const MAX_ACTIVE_LOOKED_AT = 500

/**
 * Reads queues, one row each, in the order of their names, as one text of JSON that leaves out what is 0: a fraction of the work
 * that an answer of a hundred thousand numbers is, for both sides. A row that cannot be read is the text of its error. KEYS: the `wait` key of the first queue; ARGV:
 * now, a minute ago (ms; empty when `recent` is not wanted), how many active jobs to look at, and all the names. Only reads. Each key is asked for only until all that exist were met, and most queues are empty.
 */
export const BULLMQ_SCRIPT = `
local call = redis.call
local now, minuteAgo, maxActive = ARGV[1], ARGV[2], tonumber(ARGV[3])
local dueScore = string.format('%.0f', (tonumber(now) + 1) * 4096 - 1)
local oldest

local function earlier(at)
  if at and (not oldest or at < oldest) then oldest = at end
end

local function look(base, id)
  if not id then return nil end
  local job = call('HMGET', base .. id, 'timestamp', 'processedOn', 'opts')
  local at = tonumber(job[1] or '')
  if not at then return job[3] end
  local delay = job[3] and string.match(job[3], '"delay"%s*:%s*(%d+)')
  if delay then at = at + tonumber(delay) end
  local tried = tonumber(job[2] or '')
  if tried and tried > at then at = tried end
  earlier(at)
  return job[3]
end

local function readList(base, list, row)
  local count = call('LLEN', list)
  if count == 0 then return 0 end
  local last = call('LINDEX', list, -1)
  if string.sub(last, 1, 2) == '0:' then
    row.listed = (row.listed or 0) + count - 1
    if count > 1 then look(base, call('LINDEX', list, -2)) end
    return 1
  end
  row.listed = (row.listed or 0) + count
  local opts = look(base, last)
  if count > 1 and opts and string.find(opts, '"lifo"%s*:%s*true') then look(base, call('LINDEX', list, 0)) end
  return 1
end

local function readDelayed(base, row)
  local count = call('ZCARD', base .. 'delayed')
  if count == 0 then return 0 end
  row.delayed = count
  local first = call('ZRANGE', base .. 'delayed', 0, 0, 'WITHSCORES')
  local at = math.floor(tonumber(first[2]) / 4096)
  if at <= tonumber(now) then
    earlier(at)
    row.due = call('ZCOUNT', base .. 'delayed', '-inf', dueScore)
    first = call('ZRANGEBYSCORE', base .. 'delayed', '(' .. dueScore, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  end
  if first[2] then row.nextDue = string.format('%.0f', math.floor(tonumber(first[2]) / 4096)) end
  return 1
end

local function readActive(base, row)
  local count = call('LLEN', base .. 'active')
  if count == 0 then return 0 end
  row.active = count
  if count > maxActive then return 1 end
  local pairsOf = {}
  for _, id in ipairs(call('LRANGE', base .. 'active', 0, -1)) do
    pairsOf[#pairsOf + 1] = call('EXISTS', base .. id .. ':lock')
    pairsOf[#pairsOf + 1] = call('HGET', base .. id, 'pb') or ''
  end
  row.actives = pairsOf
  return 1
end

local function read(base)
  oldest = nil
  local wait = base .. 'wait'
  local meta = call('HMGET', base .. 'meta', 'paused', 'concurrency', 'max')
  local row = {paused = meta[1] or nil, concurrency = meta[2] or nil, limitMax = meta[3] or nil}
  local completed, failed = call('ZCARD', base .. 'completed'), call('ZCARD', base .. 'failed')
  if completed > 0 then
    row.completed = completed
    if minuteAgo ~= '' then
      local recent = call('ZCOUNT', base .. 'completed', minuteAgo, '+inf')
      if recent > 0 then row.recent = recent end
    end
  end
  if failed > 0 then row.failed = failed end
  local left = call('EXISTS', wait, base .. 'active', base .. 'delayed', base .. 'prioritized', base .. 'paused',
      base .. 'waiting-children', base .. 'limiter', base .. 'repeat')
  if left == 0 then return row end
  left = left - readList(base, wait, row)
  if left > 0 then left = left - readActive(base, row) end
  if left > 0 then left = left - readDelayed(base, row) end
  if left > 0 then
    local count = call('ZCARD', base .. 'prioritized')
    if count > 0 then
      row.prioritized = count
      left = left - 1
      look(base, call('ZRANGE', base .. 'prioritized', 0, 0)[1])
      if count > 1 then look(base, call('ZRANGE', base .. 'prioritized', -1, -1)[1]) end
    end
  end
  if left > 0 then left = left - readList(base, base .. 'paused', row) end
  if left > 0 then
    local count = call('ZCARD', base .. 'waiting-children')
    if count > 0 then
      row.waitingChildren = count
      left = left - 1
    end
  end
  if left > 0 then
    local ttl = call('PTTL', base .. 'limiter')
    if ttl > 0 then
      row.limiterCount = call('GET', base .. 'limiter') or nil
      row.limiterTtl = ttl
    end
    row.nextSchedule = call('ZRANGE', base .. 'repeat', 0, 0, 'WITHSCORES')[2]
  end
  if oldest then row.oldestSince = string.format('%.0f', oldest) end
  return row
end

local first = string.match(ARGV[4], '^[^%z]+')
local prefix = string.sub(KEYS[1], 1, -6 - #first)
local rows = {}
for name in string.gmatch(ARGV[4], '[^%z]+') do
  local ok, row = pcall(read, prefix .. name .. ':')
  rows[#rows + 1] = ok and row or tostring(type(row) == 'table' and row.err or row)
end
return cjson.encode(rows)
`

/** What is absent is 0, or not there. Long numbers are texts, since Lua would round them. */
export interface BullmqRow {
  readonly paused?: string
  readonly concurrency?: string
  readonly limitMax?: string
  readonly completed?: number
  readonly recent?: number
  readonly failed?: number
  /** In the lists of waiting and of paused jobs. */
  readonly listed?: number
  readonly prioritized?: number
  /** Due ones included. */
  readonly delayed?: number
  readonly due?: number
  readonly nextDue?: string
  readonly active?: number
  readonly waitingChildren?: number
  readonly limiterCount?: string
  readonly limiterTtl?: number
  readonly nextSchedule?: string
  readonly oldestSince?: string
  /** Pairs of whether the lock is held, and the worker's name; absent when there were too many to look. */
  readonly actives?: readonly (number | string)[]
}

/** Rows as the script tells them. */
export function parseBullmqRows(text: string): readonly (BullmqRow | string)[] {
  return JSON.parse(text) as readonly (BullmqRow | string)[]
}
