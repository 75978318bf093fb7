#!/bin/bash
# An alias takes over section and type of its target, also of IFUNCs and thread-local variables; its
# size is 0 and its binding global (GNU ld, LLVM's linker). Like GNU ld it keeps the visibility, so an
# alias of a hidden symbol is hidden; like LLVM's linker `dat+4` stays in its section.
. "$(dirname "$0")/../prelude.sh"

cat >lib.c <<'END'
int foo(int x) { return x + 1; }
int dat[4] = {1, 2, 3, 4}, com[4];
__thread int pad, tls = 3;
static int one(void) { return 41; }
static void *resolve(void) { return one; }
int ifn(void) __attribute__((ifunc("resolve")));
__attribute__((weak)) int weak(void) { return 9; }
__attribute__((visibility("hidden"))) int hid(void) { return 8; }
__attribute__((visibility("protected"))) int prot(void) { return 7; }
END
cat >use.c <<'END'
extern int dat[], com[], a_dat[], a_com[], part[], a_foo(int), a_ifn(void), twice(void), a_weak(void);
extern __thread int tls, a_tls, next;
int *data = a_dat, *inside = part, (*function)(int) = a_foo, (*indirect)(void) = a_ifn;
int check(void) {
  int *volatile d = dat, *volatile c = com;
  a_tls++;
  return a_foo(1) != 2 || function(2) != 3 || a_dat != d || data != d || a_com != c || part != d + 1 ||
         inside != d + 1 || tls != 4 || a_ifn() != 41 || twice() != 41 || indirect() != 41 ||
         a_weak() != 9 || &next != &tls;
}
END
echo 'int check(void); int main(void) { return check(); }' >m.c
cat >options <<'END'
-Wl,--defsym=a_foo=foo -Wl,--defsym=a_dat=dat -Wl,--defsym=a_com=com -Wl,--defsym=part=dat+4
-Wl,--defsym=a_tls=tls -Wl,--defsym=next=pad+(a_tls-pad) -Wl,--defsym=twice=a_ifn
-Wl,--defsym=a_ifn=ifn -Wl,--defsym=a_weak=weak -Wl,--defsym=a_hid=hid -Wl,--defsym=a_prot=prot
END
for common in -fcommon -fno-common; do
  gcc -O1 -fPIC $common -c lib.c use.c m.c
  for kind in -no-pie -pie -static -static-pie "-pie -Wl,-z,pack-relative-relocs,--gc-sections"; do
    supports $kind || continue
    $CC $kind lib.o use.o m.o @options -o m
    ./m
  done
  $CC -shared lib.o use.o @options -o libx.so
  $CC m.o libx.so -Wl,-rpath,. -o m
  ./m
  $CC -shared lib.o @options -o libx.so
  $CC use.o m.o libx.so -Wl,-rpath,. -o m
  ./m
done
symbol() { readelf --dyn-syms -W libx.so | awk -v n="$1" '$8 == n { print $3, $4, $5, $6 }'; }
[ "$(symbol a_foo)" = "0 FUNC GLOBAL DEFAULT" ] && [ "$(symbol a_weak)" = "0 FUNC GLOBAL DEFAULT" ]
[ "$(symbol a_dat)" = "0 OBJECT GLOBAL DEFAULT" ] && [ "$(symbol part)" = "0 OBJECT GLOBAL DEFAULT" ]
[ "$(symbol a_tls)" = "0 TLS GLOBAL DEFAULT" ] && [ "$(symbol a_com)" = "0 OBJECT GLOBAL DEFAULT" ]
[ "$(symbol twice)" = "0 IFUNC GLOBAL DEFAULT" ] && [ "$(symbol a_hid)" = "" ]
[ "$(symbol a_prot)" = "0 FUNC GLOBAL PROTECTED" ]
