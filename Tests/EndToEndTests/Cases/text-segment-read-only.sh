#!/bin/bash
# Code is not writable, constants are neither writable nor executable.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <signal.h>
#include <unistd.h>
static const char constant[] = "constant";
static void caught(int s) { _exit(42); }
int main(int n, char **v) {
  signal(SIGSEGV, caught);
  if (n > 1) *(volatile char *)main = 0; else *(volatile char *)constant = 0;
  return 0;
}
END
$CC m.c -o m
r=0; ./m || r=$?; [ $r = 42 ]
r=0; ./m x || r=$?; [ $r = 42 ]
