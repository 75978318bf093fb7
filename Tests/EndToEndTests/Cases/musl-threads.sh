#!/bin/bash
# A static musl program with threads and thread-local storage.
# machines: x86_64 (compilers of other machines are not installed)
. "$(dirname "$0")/../prelude.sh"

cat >t.c <<'END'
#include <pthread.h>
#include <stdio.h>
static __thread int x = 3;
static __thread char zero[500];
static void *run(void *p) { x += (int)(long)p; return (void *)(long)(x + zero[499]); }
int main(void) {
  pthread_t t; void *r;
  pthread_create(&t, 0, run, (void *)4L);
  pthread_join(t, &r);
  printf("%d %ld\n", x, (long)r);
}
END
for kind in '' -static; do
  musl-gcc -B"$LD_DIR" $kind t.c -o t
  [ "$(./t)" = "3 7" ] || fail "$kind"
done
sane t
