#!/bin/bash
# A program's variable that is called like a function of a library stays out of the library's way.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'X'
#include <sys/times.h>
int bar(void) { struct tms b; return times(&b) == (clock_t)-1; }
X
gcc -fPIC -shared l.c -o libl.so
cat >m.c <<'X'
int bar(void);
int times VALUE;
int main(void) { times = 20; return bar() || times != 20; }
X
# As GNU ld; with lld and mold, which export the variable, the library calls it.
for value in '= -1' '' '__attribute__((weak)) = 1' '__attribute__((common))'; do
  sed "s/VALUE/$value/" m.c >n.c
  for options in '' -no-pie; do
    $CC -fno-builtin -w $options n.c ./libl.so -o n
    ./n
    lacks ' times$' readelf --dyn-syms -W n
  done
done
# A function is what the library looks for, with or without a version.
echo 'int bar(void); long times(void *b) { return -1; } int main(void) { return !bar(); }' >f.c
$CC -fno-builtin -w f.c ./libl.so -o f
./f
shows ' times$' readelf --dyn-syms -W f
# So is a variable for a variable, and whatever a library refers to without a version.
echo 'extern char **environ; char **env(void) { return environ; }' >e.c
echo 'char **environ = (char **)1, **env(void); int main(void) { return env() != environ; }' >v.c
gcc -fPIC -shared e.c -o libe.so
$CC v.c ./libe.so -o v
shows ' environ$' readelf --dyn-syms -W v
