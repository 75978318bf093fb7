// A Lua module in C, for scripts/real-programs: a counter with a metatable, state of its own, a
// thread-local, a callback into Lua and an error that unwinds through Lua's longjmp.
#include <lauxlib.h>
#include <lua.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local long made;
static int compare(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return (x > y) - (x < y);
}

static int counter_add(lua_State *L) {
  long *value = luaL_checkudata(L, 1, "check.counter");
  *value += (long)luaL_checkinteger(L, 2);
  lua_pushinteger(L, *value);
  return 1;
}
static int counter_collect(lua_State *L) {
  (void)luaL_checkudata(L, 1, "check.counter");
  made--;
  return 0;
}
static int new_counter(lua_State *L) {
  long *value = lua_newuserdatauv(L, sizeof *value, 0);
  *value = 0;
  made++;
  luaL_setmetatable(L, "check.counter");
  return 1;
}
static int alive(lua_State *L) {
  lua_pushinteger(L, made);
  return 1;
}
static int sort_longs(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  size_t n = (size_t)luaL_len(L, 1);
  long *items = malloc((n ? n : 1) * sizeof *items);
  for (size_t i = 0; i < n; i++) {
    lua_geti(L, 1, (lua_Integer)i + 1);
    items[i] = (long)lua_tointeger(L, -1);
    lua_pop(L, 1);
  }
  qsort(items, n, sizeof *items, compare);
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushinteger(L, items[i]);
    lua_seti(L, -2, (lua_Integer)i + 1);
  }
  free(items);
  return 1;
}
static int call_twice(lua_State *L) {
  lua_pushvalue(L, 1);
  lua_call(L, 0, 1);
  lua_pushvalue(L, 1);
  lua_call(L, 0, 1);
  return 2;
}
static int fail(lua_State *L) { return luaL_error(L, "failed with %d", 42); }

int luaopen_check_module(lua_State *L) {
  static const luaL_Reg functions[] = {{"counter", new_counter}, {"alive", alive},
                                       {"sort", sort_longs}, {"twice", call_twice},
                                       {"fail", fail}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"add", counter_add}, {NULL, NULL}};
  luaL_newmetatable(L, "check.counter");
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, counter_collect);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  return 1;
}
