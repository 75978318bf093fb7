// What becomes of one call of the exec family.
#ifndef SWOLD_PLAN_H
#define SWOLD_PLAN_H

#include <limits.h>
#include <stddef.h>

/// A call as it is made in the end.
struct plan {
  const char *path;
  char *const *argv;
  char *const *envp;
  /// Whether swold takes the place of the program.
  int is_replaced;
};

/// Room for the texts of one plan. It stands on the stack: the child of a vfork shares the memory of
/// its parent, and a signal handler may call exec, so nothing here allocates.
struct room {
  char preload[3 * PATH_MAX];
  char path[PATH_MAX + 16];
  char log[PATH_MAX + 16];
};

/// Variables that a plan may add to an environment.
enum { MORE_VARIABLES = 3 };

size_t swold_count(char *const *words);

/// Plans the call of `name`. `searches`: a name without a slash is looked for in PATH.
/// `argv_room` and `envp_room` have room for all words of argv, and for those of envp and
/// MORE_VARIABLES, each with its null.
struct plan swold_plan(const char *name, int searches, char *const *argv, char *const *envp,
                       char **argv_room, char **envp_room, struct room *room);

#define PLAN(name, searches, argv, envp)                                                    \
  char *argv_room[swold_count(argv) + 2], *envp_room[swold_count(envp) + MORE_VARIABLES + 1]; \
  struct room room;                                                                         \
  struct plan plan = swold_plan(name, searches, argv, envp, argv_room, envp_room, &room)

/// Writes what was called to the file of --run-log, and to standard error if SWOLD_WRAPPER_DEBUG is set.
void swold_log(const char *name, char *const *argv, const char *log_path, int is_replaced);

#endif
