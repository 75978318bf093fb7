#!/bin/bash
# gnu, sysv and both kinds of hash tables; the loader finds every symbol by each.
. "$(dirname "$0")/../prelude.sh"

for i in $(seq 200); do echo "int fun_$i(void) { return $i; }"; done >l.c
cat >m.c <<'END'
#include <dlfcn.h>
#include <stdio.h>
int main(int n, char **v) {
  void *h = dlopen(v[1], RTLD_NOW);
  char name[20];
  for (int i = 1; i <= 200; i++) {
    sprintf(name, "fun_%d", i);
    int (*f)(void) = (int (*)(void))dlsym(h, name);
    if (!f || f() != i) return 1;
  }
  return dlsym(h, "fun_201") != 0;
}
END
$CC m.c -o m
for style in gnu sysv both; do
  $CC -shared -fPIC l.c -Wl,--hash-style=$style -o $style.so
  ./m ./$style.so || fail $style
  sane $style.so
done
has_no_section gnu.so .hash
has_no_section sysv.so .gnu.hash
has_section both.so .hash
has_section both.so .gnu.hash
