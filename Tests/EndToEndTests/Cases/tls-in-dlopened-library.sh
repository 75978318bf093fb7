#!/bin/bash
# A library loaded at run time has its own thread-local storage per thread.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
static __thread int mine = 10;
__thread int shared = 20;
int bump(void) { return ++mine + ++shared; }
END
cat >m.c <<'END'
#include <dlfcn.h>
#include <pthread.h>
static int (*bump)(void);
static void *run(void *p) { return (void *)(long)bump(); }
int main(void) {
  void *h = dlopen("./l.so", RTLD_NOW), *r;
  pthread_t t;
  if (!h) return 1;
  bump = (int (*)(void))dlsym(h, "bump");
  if (bump() != 32 || bump() != 34) return 2;
  pthread_create(&t, 0, run, 0);
  pthread_join(t, &r);
  return (long)r != 32;
}
END
$CC -pthread m.c -o m
for dialect in $TLS_DIALECTS; do
  $CC -shared -fPIC $dialect l.c -o l.so
  ./m || fail $dialect
  sane l.so
done
