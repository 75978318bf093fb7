// Decides for each program that a build starts: is it a linker, and does it get our environment?
//
// The environment is the caller's own matter and is handed on as it is, but for three variables that
// swold -run has set. They are added again where a caller began with an empty environment (env -i), or
// forgot them. They are not where a caller took SWOLD_PATH away and left LD_PRELOAD, or set SWOLD_PATH to
// nothing: that switches us off.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../include/ExecInterpose.h"
#include "Plan.h"

// What this process was started with; the program may change its environment later.
static char swold_path[PATH_MAX], log_path[PATH_MAX], companion[PATH_MAX];

static void remember(char *place, const char *value) {
  if (value && strlen(value) < PATH_MAX) strcpy(place, value);
}

__attribute__((constructor)) static void remember_environment(void) {
  remember(swold_path, getenv("SWOLD_PATH"));
  remember(log_path, getenv("SWOLD_RUN_LOG"));
  Dl_info self;
  if (dladdr((void *)remember_environment, &self) && self.dli_fname && self.dli_fname[0] == '/')
    remember(companion, self.dli_fname);
}

size_t swold_count(char *const *words) {
  size_t count = 0;
  while (words && words[count]) count++;
  return count;
}

// The value of a variable, or null. `name` ends with the equals sign.
static const char *value_of(char *const *envp, const char *name) {
  size_t length = strlen(name);
  for (; envp && *envp; envp++)
    if (strncmp(*envp, name, length) == 0) return *envp + length;
  return NULL;
}

// The companion in a list whose separators are colons and blanks (ld.so(8), LD_PRELOAD); or null.
static const char *find_companion(const char *list) {
  size_t length = strlen(companion);
  for (const char *word = list; word && length && *word; ) {
    size_t size = strcspn(word, ": ");
    if (size == length && memcmp(word, companion, length) == 0) return word;
    word += size;
    word += *word != 0;
  }
  return NULL;
}

// Writes `LD_PRELOAD=` and the list with or without the companion; returns null if that is empty or
// has no room.
static char *preload(char *room, size_t size, const char *list, int with_companion) {
  int length = snprintf(room, size, "LD_PRELOAD=");
  const char *own = list ? find_companion(list) : NULL;
  if (own) {  // it has to go: all before it and all behind it
    const char *rest = own + strlen(companion);
    if (*rest) rest++;
    length += snprintf(room + length, size - (size_t)length, "%.*s%s", (int)(own - list), list, rest);
  } else {
    length += snprintf(room + length, size - (size_t)length, "%s%s%s", list ? list : "",
                       list && *list ? ":" : "", with_companion ? companion : "");
  }
  if (length < 0 || (size_t)length >= size) return NULL;
  return room[strlen("LD_PRELOAD=")] ? room : NULL;
}

// Whether the program that exec would find can load the companion. An unknown one may.
static int can_load_companion(const char *name, int searches) {
  if (!companion[0]) return 0;
  return (searches ? swold_loader_of_command(name) : swold_loader_of(name)) != SWOLD_LOADER_OTHER;
}

// The environment with the variables of swold -run put right.
static char *const *environment(char *const *envp, int can_load, char **place, struct room *room) {
  const char *list = value_of(envp, "LD_PRELOAD=");
  int has_companion = list && find_companion(list), has_path = value_of(envp, "SWOLD_PATH=") != NULL;
  if (has_companion == can_load && has_path) return envp;

  size_t count = 0;
  char *line = has_companion == can_load
                   ? NULL
                   : preload(room->preload, sizeof room->preload, list, can_load);
  for (; envp && *envp; envp++) {
    int is_list = strncmp(*envp, "LD_PRELOAD=", strlen("LD_PRELOAD=")) == 0;
    if (!is_list || has_companion == can_load || (can_load && !line)) place[count++] = *envp;
  }
  if (line) place[count++] = line;
  if (!has_path) {
    snprintf(room->path, sizeof room->path, "SWOLD_PATH=%s", swold_path);
    place[count++] = room->path;
    if (log_path[0]) {
      snprintf(room->log, sizeof room->log, "SWOLD_RUN_LOG=%s", log_path);
      place[count++] = room->log;
    }
  }
  place[count] = NULL;
  return place;
}

struct plan swold_plan(const char *name, int searches, char *const *argv, char *const *envp,
                       char **argv_room, char **envp_room, struct room *room) {
  struct plan plan = {name, argv, envp, 0};
  const char *linker = value_of(envp, "SWOLD_PATH="), *list = value_of(envp, "LD_PRELOAD=");
  if (!linker && !(list && find_companion(list))) linker = swold_path;
  if (!name || !linker || !*linker) return plan;

  int error = errno;
  const char *log = value_of(envp, "SWOLD_RUN_LOG=");
  // A linker that is not there fails as it would without us.
  int is_there = (searches && !strchr(name, '/')) || access(name, X_OK) == 0;
  if (is_there && swold_is_linker_name(name)) {
    size_t count = swold_count(argv);
    if (count) memcpy(argv_room, argv, count * sizeof *argv);
    argv_room[0] = (char *)linker;
    argv_room[count ? count : 1] = NULL;
    plan = (struct plan){linker, argv_room, envp, 1};
  } else {
    plan.envp = environment(envp, can_load_companion(name, searches), envp_room, room);
  }
  swold_log(name, argv, log ? log : log_path, plan.is_replaced);
  errno = error;
  return plan;
}
