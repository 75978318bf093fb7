#!/bin/bash
# -z indirect-extern-access: the program says in a property that it needs neither copies of libraries'
# data nor functions' addresses of its own, and may not need them.
# machines: x86_64 i386 (GNU ld has it for x86 only)
. "$(dirname "$0")/../prelude.sh"

echo 'int data = 3; int function(void) { return 4; }' >library.c
gcc -shared -fPIC library.c -o liblibrary.so
cat >m.c <<'END_OF_C'
extern int data, function(void);
int (*word)(void) = function;
int *pointer = &data;
int main(void) { return data + function() == 7 && word == &function && *pointer == 3 ? 0 : 1; }
END_OF_C
promise='1_needed: indirect external access'
gcc -fPIC -c m.c -o indirect.o
gcc -fno-pie -c m.c -o direct.o

for kind in -pie -no-pie; do
  $CC $kind indirect.o -o without -Wl,-rpath,. -L. -llibrary
  ! readelf -n without | grep "$promise" || fail "$kind: a promise that nobody asked for"
  $CC $kind indirect.o -o with -Wl,-rpath,. -L. -llibrary -Wl,-z,indirect-extern-access
  sane with
  shows "$promise" readelf -n with
  ! readelf -rW with | grep COPY || fail "$kind: a copy"
  ./with
done
$CC indirect.o -o taken-back -Wl,-rpath,. -L. -llibrary -Wl,-z,indirect-extern-access,-z,noindirect-extern-access
! readelf -n taken-back | grep "$promise" || fail "the promise was taken back"

# An object that states the need hands it on.
if gcc -mno-direct-extern-access -fPIE -c m.c -o stating.o; then
  $CC stating.o -o handed -Wl,-rpath,. -L. -llibrary
  shows "$promise" readelf -n handed
fi

$CC -no-pie direct.o -o copying -Wl,-rpath,. -L. -llibrary
./copying
expect_fail $CC -no-pie direct.o -o neither -Wl,-rpath,. -L. -llibrary -Wl,-z,indirect-extern-access
says 'direct.o.*data'
says 'direct.o.*function'
