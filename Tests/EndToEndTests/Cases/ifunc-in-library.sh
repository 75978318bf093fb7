#!/bin/bash
# An indirect function of a library, called from inside and from outside.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
static int one(void) { return 1; }
static void *choose(void) { return (void *)one; }
int f(void) __attribute__((ifunc("choose")));
int g(void) { return f(); }
int (*h(void))(void) { return f; }
END
cat >m.c <<'END'
int f(void); int g(void); int (*h(void))(void);
int main(void) { return f() + g() + h()() != 3 || h() != f; }
END
$CC -shared -fPIC l.c -o libl.so
shows 'IFUNC .* f$' readelf -W --dyn-syms libl.so
for kind in '-fPIE -pie' '-fno-pie -no-pie'; do
  $CC $kind m.c ./libl.so -o m
  ./m || fail "$kind"
  sane m
done
sane libl.so
