export type ScriptName =
  | 'putThread'
  | 'deleteThread'
  | 'putItem'
  | 'deleteItem'
  | 'page'
  | 'putAttachment'
  | 'moveAttachment'
  | 'releaseAttachments'
  | 'deleteAttachment'
  | 'getAttachments'
  | 'note'
  | 'settle'
  | 'hasAny'

/**
 * Every script is atomic, works on the keys it declares, all in one slot, and looks at everything before it writes:
 * Redis takes nothing back when a script fails half-way. A server without memory refuses a script's first write when it
 * can grow, and none that follows: what adds a row or a body begins with it, what moves or removes one with a removal.
 *
 * A list is a hash of rows, `id` → `position body`, a sorted set of `position id`, whose scores are all 0 so that bytes
 * decide, and a sorted set of deleted ids, the oldest first. The row of a deleted id is its position alone.
 */
export const scripts: Readonly<Record<ScriptName, { readonly keys: number; readonly lua: string }>> = {
  /** threads, order, gone, known | id, position, body, noted → 0 when the scope has to be noted first. */
  putThread: {
    keys: 4,
    lua: `local known = redis.call('EXISTS', KEYS[4])
      if known == 0 and ARGV[4] == '' then return 0 end
      put(ARGV[1], ARGV[2], ARGV[3])
      if known == 0 then redis.call('SET', KEYS[4], '1') end
      return 1`,
  },
  /** threads, order, gone, rows, order, gone of its items | id */
  deleteThread: {
    keys: 6,
    lua: `remove(ARGV[1])
      redis.call('UNLINK', KEYS[4], KEYS[5], KEYS[6])`,
  },
  /** rows, order, gone, threads | id, position, body, thread → 0 when there is no such thread. */
  putItem: {
    keys: 4,
    lua: `if not lives(KEYS[4], ARGV[4]) then return 0 end
      put(ARGV[1], ARGV[2], ARGV[3])
      return 1`,
  },
  /** rows, order, gone | id */
  deleteItem: { keys: 3, lua: 'remove(ARGV[1])' },
  /**
   * rows, order, threads | limit, order, from, what it is ('', 'id' or 'member'), the most rows, thread or '' of no items
   * → nothing when the id does not resolve; [rows], or [false, members] when they are more than the most.
   */
  page: {
    keys: 3,
    lua: `local from = ARGV[3]
      if ARGV[4] == 'id' then
        local row = redis.call('HGET', KEYS[1], ARGV[3])
        if not row then
          if ARGV[6] ~= '' and not lives(KEYS[3], ARGV[6]) then return {{}} end
          return false
        end
        from = place(row) .. ' ' .. ARGV[3]
      end
      local after = ARGV[4] ~= '' and '(' .. from
      local members
      if ARGV[2] == 'asc' then
        members = redis.call('ZRANGE', KEYS[2], after or '-', '+', 'BYLEX', 'LIMIT', 0, ARGV[1])
      else
        members = redis.call('ZRANGE', KEYS[2], after or '+', '-', 'BYLEX', 'REV', 'LIMIT', 0, ARGV[1])
      end
      if #members == 0 then return {{}} end
      if #members > tonumber(ARGV[5]) then return {false, members} end
      for i, member in ipairs(members) do members[i] = string.match(member, ' (.*)') end
      return {redis.call('HMGET', KEYS[1], unpack(members))}`,
  },
  /** attachments, order, moves, due, bound, known | id, position, body, noted, revision, state, due, thread → as putThread. */
  putAttachment: {
    keys: 6,
    lua: `local known = redis.call('EXISTS', KEYS[6])
      if known == 0 and ARGV[4] == '' then return 0 end
      local row = redis.call('HGET', KEYS[1], ARGV[1])
      check(KEYS[2], KEYS[4], KEYS[5])
      if not row then write(ARGV[1], {}, {ARGV[5], ARGV[6], ARGV[7], ARGV[8], ''}, KEYS[3], KEYS[4], KEYS[5]) end
      redis.call('HSET', KEYS[1], ARGV[1], (row and place(row) or ARGV[2]) .. ' ' .. ARGV[3])
      if not row then redis.call('ZADD', KEYS[2], 0, ARGV[2] .. ' ' .. ARGV[1]) end
      if known == 0 then redis.call('SET', KEYS[6], '1') end
      return 1`,
  },
  /**
   * moves, due, bound | id, revision, state, due, thread, token → 1 when it moved. A client that lost the answer sends the
   * command again: the token tells its own move from somebody else's.
   */
  moveAttachment: {
    keys: 3,
    lua: `local move = moveOf(KEYS[1], ARGV[1])
      local next = tostring(tonumber(ARGV[2]) + 1)
      if move[1] == next and move[5] == ARGV[6] then return 1 end
      if move[1] ~= ARGV[2] then return 0 end
      check(KEYS[2], KEYS[3])
      write(ARGV[1], move, {next, ARGV[3], ARGV[4], ARGV[5], ARGV[6]}, KEYS[1], KEYS[2], KEYS[3])
      return 1`,
  },
  /**
   * moves, due, bound | thread, due, from → the last member, when there may be more. Each takes some ten microseconds, so
   * 256 at a time.
   */
  releaseAttachments: {
    keys: 3,
    lua: `local from = ARGV[3] == '' and '[' .. ARGV[1] .. '\\0' or '(' .. ARGV[3]
      local members = redis.call('ZRANGE', KEYS[3], from, '(' .. ARGV[1] .. '\\1', 'BYLEX', 'LIMIT', 0, 256)
      if #members == 0 then return '' end
      check(KEYS[2])
      local fields, tokens, outdated, moves, due = {}, {}, {}, {}, {}
      for i, member in ipairs(members) do
        local id = string.sub(member, #ARGV[1] + 2)
        fields[2 * i - 1], fields[2 * i], tokens[i] = 'r' .. id, 'd' .. id, 'k' .. id
        due[2 * i - 1], due[2 * i] = 0, ARGV[2] .. ' ' .. id
      end
      local old = redis.call('HMGET', KEYS[1], unpack(fields))
      for i = 1, #fields, 2 do
        moves[2 * i - 1], moves[2 * i] = fields[i], tostring(tonumber(old[i]) + 1)
        moves[2 * i + 1], moves[2 * i + 2] = fields[i + 1], ARGV[2]
        if old[i + 1] ~= '' then outdated[#outdated + 1] = old[i + 1] .. string.sub(due[i + 1], #ARGV[2] + 1) end
      end
      redis.call('HDEL', KEYS[1], unpack(tokens))
      redis.call('HSET', KEYS[1], unpack(moves))
      if #outdated > 0 then redis.call('ZREM', KEYS[2], unpack(outdated)) end
      redis.call('ZADD', KEYS[2], unpack(due))
      return #members == 256 and members[#members] or ''`,
  },
  /** attachments, order, moves, due, bound | id */
  deleteAttachment: {
    keys: 5,
    lua: `local row = redis.call('HGET', KEYS[1], ARGV[1])
      if not row then return end
      check(KEYS[2], KEYS[4], KEYS[5])
      write(ARGV[1], moveOf(KEYS[3], ARGV[1]), nil, KEYS[3], KEYS[4], KEYS[5])
      redis.call('HDEL', KEYS[1], ARGV[1])
      redis.call('ZREM', KEYS[2], place(row) .. ' ' .. ARGV[1])`,
  },
  /** attachments, moves | ids → rows, and of each revision, state, due, thread. */
  getAttachments: {
    keys: 2,
    lua: `local fields = {}
      for i, id in ipairs(ARGV) do
        fields[4 * i - 3], fields[4 * i - 2], fields[4 * i - 1], fields[4 * i] = 'r' .. id, 's' .. id, 'd' .. id, 't' .. id
      end
      return {redis.call('HMGET', KEYS[1], unpack(ARGV)), redis.call('HMGET', KEYS[2], unpack(fields))}`,
  },
  /** Notes a scope before its truth is written. scopes, due, noted | scope, due in ms or '' */
  note: {
    keys: 3,
    lua: `check(KEYS[1], KEYS[2])
      redis.call('HDEL', KEYS[3], ARGV[1])
      redis.call('HSET', KEYS[3], ARGV[1], now())
      redis.call('ZADD', KEYS[1], 0, ARGV[1])
      if ARGV[2] ~= '' then redis.call('ZADD', KEYS[2], 'LT', ARGV[2], ARGV[1]) end`,
  },
  /**
   * Makes the index say what was found of a scope, unless somebody noted it a moment ago, whose truth may be under way.
   * scopes, due, noted | scope, due in ms or '', how long ago in ms, '1' when it is empty
   */
  settle: {
    keys: 3,
    lua: `if now() - (redis.call('HGET', KEYS[3], ARGV[1]) or 0) < tonumber(ARGV[3]) then return end
      check(KEYS[1])
      if ARGV[2] == '' then redis.call('ZREM', KEYS[2], ARGV[1]) else redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1]) end
      if ARGV[4] == '' then return end
      redis.call('ZREM', KEYS[1], ARGV[1])
      redis.call('HDEL', KEYS[3], ARGV[1])`,
  },
  /** Whether a scope has anything; one that has not is to be noted again before its next write. order of threads, of attachments, known */
  hasAny: {
    keys: 3,
    lua: `if redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 then return 1 end
      redis.call('UNLINK', KEYS[3])
      return 0`,
  },
}

/** What scripts share, each after what it uses; of a list the keys 1 to 3 are its rows, their order and what is gone. */
const shared = {
  // a key of another type fails while nothing is written
  check: `local function check(...)
      for _, key in ipairs({...}) do redis.call('ZCARD', key) end
    end`,

  place: `local function place(row) return string.match(row, '^[^ ]*') end`,

  lives: `local function lives(rows, id)
      local row = redis.call('HGET', rows, id)
      return row and string.find(row, ' ', 1, true)
    end`,

  put: `local function put(id, position, body)
      local row = redis.call('HGET', KEYS[1], id)
      if row and string.find(row, ' ', 1, true) then
        redis.call('HSET', KEYS[1], id, place(row) .. ' ' .. body)
        return
      end
      check(KEYS[2], KEYS[3])
      redis.call('HSET', KEYS[1], id, position .. ' ' .. body)
      redis.call('ZADD', KEYS[2], 0, position .. ' ' .. id)
      redis.call('ZREM', KEYS[3], id)
    end`,

  remove: `local function remove(id)
      local row = redis.call('HGET', KEYS[1], id)
      if not row or not string.find(row, ' ', 1, true) then return end
      local newest = redis.call('ZRANGE', KEYS[3], -1, -1, 'WITHSCORES')[2] or 0
      redis.call('ZREM', KEYS[2], place(row) .. ' ' .. id)
      redis.call('HSET', KEYS[1], id, place(row))
      redis.call('ZADD', KEYS[3], newest + 1, id)
      if redis.call('ZCARD', KEYS[3]) > 1000 then
        redis.call('HDEL', KEYS[1], redis.call('ZPOPMIN', KEYS[3])[1])
      end
    end`,

  moveOf: `local function moveOf(moves, id)
      return redis.call('HMGET', moves, 'r' .. id, 's' .. id, 'd' .. id, 't' .. id, 'k' .. id)
    end`,

  shift: `local function shift(key, old, new, rest)
      if old == new then return end
      if old and old ~= '' then redis.call('ZREM', key, old .. rest) end
      if new and new ~= '' then redis.call('ZADD', key, 0, new .. rest) end
    end`,

  // revision, state, due, thread, token; none: the move is forgotten
  write: `local function write(id, old, new, moves, due, bound)
      local revision, state, at, thread, token = 'r' .. id, 's' .. id, 'd' .. id, 't' .. id, 'k' .. id
      if old[1] then redis.call('HDEL', moves, revision, state, at, thread, token) end
      if new then redis.call('HSET', moves, revision, new[1], state, new[2], at, new[3], thread, new[4], token, new[5]) end
      shift(due, old[3], new and new[3], ' ' .. id)
      shift(bound, old[4], new and new[4], '\\0' .. id)
    end`,

  now: `local function now()
      local time = redis.call('TIME')
      return time[1] * 1000 + math.floor(time[2] / 1000)
    end`,
}

/** The text of a script, with what it uses of the shared. */
export function luaOf(name: ScriptName): string {
  let text: string = scripts[name].lua
  for (const [word, lua] of Object.entries(shared).reverse()) if (text.includes(`${word}(`)) text = `${lua}\n${text}`
  return text
}
