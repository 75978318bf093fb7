-- What scripts/real-programs asks of a Lua that was linked by swold. The argument is the folder
-- with check_module.so. Every line that matters is an assertion.
local folder = assert(arg[1], "usage: lua lua-check.lua FOLDER")
package.cpath = folder .. "/?.so"

-- Strings, patterns, formats, packing, UTF-8.
assert(("hello world"):gsub("(%w+) (%w+)", "%2 %1") == "world hello")
assert(string.format("%5.2f|%-6s|%q|%x", 3.14159, "ab", "a\nb", 255) == ' 3.14|ab    |"a\\\nb"|ff')
assert(string.unpack("<i4", string.pack("<i4", -7)) == -7)
assert(utf8.len("añ漢😀") == 4 and utf8.char(28450) == "漢")
assert(tostring(2^53) == "9.007199254741e+15" and 7 // 2 == 3 and -7 % 3 == 2 and 1 << 62 > 0)
assert(math.type(3) == "integer" and math.type(3.0) == "float")
assert(math.abs(math.sin(math.pi / 6) - 0.5) < 1e-12 and math.tointeger(8.0) == 8)

-- Tables, metatables, inheritance, closures, goto, integer loops.
local Account = {} ; Account.__index = Account
Account.__add = function(a, b) return setmetatable({ n = a.n + b.n }, Account) end
Account.__lt = function(a, b) return a.n < b.n end
Account.__close = function(a) a.closed = true end
local function account(n) return setmetatable({ n = n }, Account) end
assert((account(1) + account(2)).n == 3 and account(1) < account(2))
local left
do local guard <close> = account(5); left = guard end
assert(left.closed)
local words = {}
for i = 1, 1000 do words[i] = ("%04d"):format((i * 7919) % 1000) end
table.sort(words)
for i = 2, #words do assert(words[i - 1] <= words[i]) end
assert(table.concat({ 1, 2, 3 }, ",") == "1,2,3" and select("#", table.unpack({ 1, 2, 3 })) == 3)

-- Coroutines, errors with traceback, pcall across coroutines, deep recursion.
local function primes(n)
  return coroutine.wrap(function()
    local composite = {}
    for i = 2, n do
      if not composite[i] then
        coroutine.yield(i)
        for j = i * i, n, i do composite[j] = true end
      end
    end
  end)
end
local count, sum = 0, 0
for p in primes(10000) do count, sum = count + 1, sum + p end
assert(count == 1229 and sum == 5736396)
local ok, message = xpcall(function() error({ code = 7 }) end, function(e) return e.code end)
assert(not ok and message == 7)
ok, message = pcall(function() local t; return t.field end)
assert(not ok and message:find("attempt to index a nil value", 1, true))
ok, message = pcall(function() local function f() return 1 + f() end return f() end)
assert(not ok and tostring(message):find("stack overflow", 1, true))
assert(load("return 6 * 7")() == 42 and load("syntax error here") == nil)
assert(debug.traceback("here"):find("stack traceback", 1, true))

-- Files and the system.
local name = os.tmpname()
local file = assert(io.open(name, "w"))
for i = 1, 100 do file:write(i, "\n") end
file:close()
sum = 0
for line in io.lines(name, "n") do sum = sum + line end
assert(sum == 5050 and os.remove(name) and io.open(name) == nil)
assert(os.getenv("PATH") and os.time() > 1e9 and os.date("!%Y", 0) == "1970")
local pipe = io.popen("echo from the shell")
assert(pipe:read("a") == "from the shell\n" and pipe:close())

-- Collection of weak tables and finalisers.
local weak, finalised = setmetatable({}, { __mode = "v" }), 0
for i = 1, 100 do
  weak[i] = setmetatable({}, { __gc = function() finalised = finalised + 1 end })
end
collectgarbage() ; collectgarbage()
assert(next(weak) == nil and finalised == 100)
collectgarbage("generational")
local garbage = {}
for i = 1, 200000 do garbage[i % 100] = { i } end
collectgarbage("incremental")

-- A module in C: dlopen, symbols of the program (-E), callbacks, errors through longjmp.
local module = require("check_module")
local counter = module.counter()
assert(counter:add(3) == 3 and counter:add(4) == 7 and module.alive() == 1)
counter = nil
collectgarbage() ; collectgarbage()
assert(module.alive() == 0)
local sorted = module.sort({ 5, -1, 3, 2 })
assert(table.concat(sorted, " ") == "-1 2 3 5")
local calls = 0
local first, second = module.twice(function() calls = calls + 1; return calls end)
assert(first == 1 and second == 2)
ok, message = pcall(module.fail)
assert(not ok and message:find("failed with 42", 1, true))
assert(not pcall(module.sort, 3) and not pcall(require, "no_such_module"))

print("lua-check: all well")
