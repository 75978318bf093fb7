#!/bin/bash
# dlsym finds a thread-local variable of the program and of a library.
. "$(dirname "$0")/../prelude.sh"

echo '__thread int in_lib = 3;' >l.c
cat >m.c <<'END'
#include <dlfcn.h>
__thread int in_main = 4;
extern __thread int in_lib;
int main(void) {
  int *a = dlsym(RTLD_DEFAULT, "in_main"), *b = dlsym(RTLD_DEFAULT, "in_lib");
  return a != &in_main || b != &in_lib || *a + *b != 7;
}
END
$CC -shared -fPIC l.c -o libl.so
$CC -rdynamic m.c ./libl.so -o m
./m
sane m libl.so
