#!/bin/bash
# A library may call an indirect function that the program defines.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
static int three(void) { return 3; }
static void *choose(void) { return (void *)three; }
int f(void) __attribute__((ifunc("choose")));
int g(void);
void *address(void);
int (*const pointer)(void) = f;
int main(void) { return g() + f() != 6 || (void *)f != address() || (void *)pointer != address(); }
END
echo 'int f(void); int g(void) { return f(); } void *address(void) { return (void *)f; }' >l.c
# Eager binding too: the library is relocated before the program's resolvers can run.
gcc -shared -fPIC -Wl,-z,now l.c -o l.so
# The PLT entry of an i386 PIE is for callers with the GOT in %ebx, so there the C library refuses. (GNU ld)
kinds=('-fPIE -pie' '-fno-pie -no-pie')
[ $MACHINE != i386 ] || kinds=('-fno-pie -no-pie')
for kind in "${kinds[@]}"; do
  $CC $kind -rdynamic m.c ./l.so -o m
  ./m || fail "$kind"
  sane m
done
