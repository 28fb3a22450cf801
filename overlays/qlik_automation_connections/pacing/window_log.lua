-- The sliding window log of one rate tier. Moments are seconds of the server's clock.
-- KEYS: memory (hash: epoch, stopped_until), places and strangers (foreign usage; both sorted by when they are free),
--       leases (processes by expiry), in_flight (requests per process), seen (processes by last report).
local memory, places, strangers, leases, in_flight, seen = unpack(KEYS)
local process, report = ARGV[1], ARGV[2]
local capacity, window, lease = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local flying, want = tonumber(ARGV[6]), tonumber(ARGV[7])
local refused, hold = tonumber(ARGV[8]), tonumber(ARGV[9])
local met, fresh, longest_stop = ARGV[10], ARGV[11], tonumber(ARGV[12])

local function text(number)
  return string.format('%.6f', number)
end

local epoch = redis.call('HGET', memory, 'epoch')
if not epoch then
  epoch = fresh
  redis.call('HSET', memory, 'epoch', epoch)
end
if met ~= '' and met ~= epoch then
  return {0, '', 0, 1, epoch}
end

local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000

for _, log in ipairs({places, strangers}) do
  redis.call('ZREMRANGEBYSCORE', log, '-inf', text(now))
  -- Moments this far ahead are from before the clock was set back.
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', log, '(' .. text(now + 1.5 * window), '+inf')) do
    redis.call('ZADD', log, text(now + window), member)
  end
end

-- A silent process was killed or suspended; it sent its requests before its lease expired.
for _, silent in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', text(now))) do
  if silent ~= process then
    local free_at = tonumber(redis.call('ZSCORE', leases, silent)) + window
    for number = 1, tonumber(redis.call('HGET', in_flight, silent) or '0') do
      redis.call('ZADD', places, text(free_at), silent .. ':left:' .. text(free_at) .. ':' .. number)
    end
    redis.call('ZREM', leases, silent)
    redis.call('HDEL', in_flight, silent)
  end
end
redis.call('ZREMRANGEBYSCORE', seen, '-inf', text(now - window - lease))

for number = 13, #ARGV do
  redis.call('ZADD', places, text(now + tonumber(ARGV[number])), process .. ':' .. report .. ':' .. number)
end

local function say_in_flight(count)
  if count > 0 then
    redis.call('HSET', in_flight, process, count)
    redis.call('ZADD', leases, text(now + lease), process)
  else
    redis.call('HDEL', in_flight, process)
    redis.call('ZREM', leases, process)
  end
end

local function used()
  local count = redis.call('ZCARD', places) + redis.call('ZCARD', strangers)
  for _, flights in ipairs(redis.call('HVALS', in_flight)) do
    count = count + tonumber(flights)
  end
  return count
end

say_in_flight(flying)
redis.call('ZADD', seen, text(now), process)

local stopped_until = tonumber(redis.call('HGET', memory, 'stopped_until') or '0')
if stopped_until > now + longest_stop then
  stopped_until = now
end
if refused or hold then
  stopped_until = math.max(stopped_until, now + math.max(refused or 0, hold or 0))
  redis.call('HSET', memory, 'stopped_until', text(stopped_until))
end
if refused then
  redis.call('DEL', strangers)
  local unknown = capacity - used()
  local last = math.max(stopped_until, now + window)
  for number = 0, unknown - 1 do
    redis.call('ZADD', strangers, text(stopped_until + (last - stopped_until) / unknown * number), 'stranger:' .. number)
  end
end

local free = capacity - used()
local granted = 0
if now >= stopped_until then
  granted = math.max(0, math.min(free, want))
end
if granted > 0 then
  say_in_flight(flying + granted)
end

local wait = ''
local missing = 1 - free + granted
if missing <= 0 then
  wait = text(0)
else
  local moments = {}
  for _, log in ipairs({places, strangers}) do
    local found = redis.call('ZRANGE', log, 0, missing - 1, 'WITHSCORES')
    for index = 2, #found, 2 do
      moments[#moments + 1] = tonumber(found[index])
    end
  end
  table.sort(moments)
  if moments[missing] then
    wait = text(math.max(0, moments[missing] - now))
  end
end
if stopped_until > now then
  wait = text(math.max(tonumber(wait) or 0, stopped_until - now))
end

for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, math.ceil((2 * window + longest_stop) * 1000))
end
return {granted, wait, math.max(0, free - granted), redis.call('ZCARD', seen), epoch}
