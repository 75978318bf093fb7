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
for kind in '-fPIE -pie' '-fno-pie -no-pie'; do
  $CC $kind -rdynamic m.c ./l.so -o m
  ./m || fail "$kind"
  sane m
done
