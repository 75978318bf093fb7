#!/bin/bash
# A library loaded at run time, built by the linker under test.
. "$(dirname "$0")/../prelude.sh"

cat >lib.c <<'END'
#include <stdio.h>
static int n = 41;
int *cell = &n;
int answer(void) { return ++*cell; }
END
cat >m.c <<'END'
#include <dlfcn.h>
int main(void) {
  void *h = dlopen("./lib.so", RTLD_NOW);
  int (*answer)(void) = h ? (int (*)(void))dlsym(h, "answer") : 0;
  return !answer || answer() != 42 || dlclose(h);
}
END
$CC -shared -fPIC lib.c -o lib.so
$CC m.c -o m
./m
sane lib.so m
