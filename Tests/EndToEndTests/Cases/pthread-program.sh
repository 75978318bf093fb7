#!/bin/bash
# Threads, mutexes and thread-local errno in one program.
. "$(dirname "$0")/../prelude.sh"

cat >t.c <<'END'
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;
static void *work(void *n) {
  errno = (int)(long)n;
  for (int i = 0; i < 1000; i++) { pthread_mutex_lock(&lock); sum++; pthread_mutex_unlock(&lock); }
  return (void *)(long)(errno == (int)(long)n);
}
int main(void) {
  pthread_t t[4]; void *ok; int good = 0;
  for (long i = 0; i < 4; i++) pthread_create(&t[i], 0, work, (void *)i);
  for (int i = 0; i < 4; i++) { pthread_join(t[i], &ok); good += (long)ok; }
  printf("%d %d\n", sum, good);
}
END
both gcc -pthread t.c
both gcc -pthread -static t.c
[ "$(cat both.out)" = "4000 4" ]
