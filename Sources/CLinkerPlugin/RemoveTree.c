// Removes a folder with everything in it.

#define _GNU_SOURCE
#include <ftw.h>
#include <stdio.h>

#include "CLinkerPlugin.h"

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place) {
  (void)status, (void)type, (void)place;
  return remove(path);
}

int swold_plugin_remove_tree(const char *path) {
  return nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
