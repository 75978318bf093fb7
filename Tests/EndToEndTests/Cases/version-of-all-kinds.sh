#!/bin/bash
# Thread-local, indirect and common symbols have versions like all others.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'X'
__thread int t1 = 1, t2 = 2;
__asm__(".symver t1, t@V1\n.symver t2, t@@V2");
int one(void) { return 1; }
int two(void) { return 2; }
void *pick_one(void) { return one; }
void *pick_two(void) { return two; }
int i1(void) __attribute__((ifunc("pick_one")));
int i2(void) __attribute__((ifunc("pick_two")));
__asm__(".symver i1, i@V1\n.symver i2, i@@V2");
X
printf '.comm c, 8, 8\n' | as -o c.o
objcopy --redefine-sym c=c@@V2 c.o  # assemblers refuse to write it
echo 'V1 { t; i; }; V2 { c; } V1;' >map
$CC -shared -fPIC l.c c.o -Wl,--version-script=map,-soname=libl.so -o libl.so
for name in t@V1 t@@V2 i@V1 i@@V2 c@@V2; do shows " $name\$" readelf --dyn-syms -W libl.so; done
cat >m.c <<'X'
extern __thread int t, told;
int i(void), iold(void);
extern long c;
__asm__(".symver told, t@V1\n.symver iold, i@V1");
int main(void) { return t * 1000 + told * 100 + i() * 10 + iold() + c != 2121; }
X
for options in '-fPIE -pie' '-fno-pie -no-pie'; do
  $CC $options m.c libl.so -Wl,-rpath,. -o m
  ./m
  sane libl.so m
done
