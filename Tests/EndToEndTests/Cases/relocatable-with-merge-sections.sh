#!/bin/bash
# References into string sections still hit their text after -r.
. "$(dirname "$0")/../prelude.sh"

for n in 1 2; do
  echo "#include <string.h>
int check$n(void) { return strcmp(\"text number $n\" + 5, \"number $n\"); }
const char *p$n = \"shared text\" + 7;" >$n.c
done
echo '#include <string.h>
extern const char *p1, *p2; int check1(void), check2(void);
int main(void) { return check1() || check2() || strcmp(p1, "text") || strcmp(p2, "text"); }' >m.c
gcc -O1 -fno-builtin -c 1.c 2.c m.c
$CC -r 1.o 2.o -o 12.o
$CC m.o 12.o -o m
./m
