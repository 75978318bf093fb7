#!/bin/bash
# symbol rename, hide and unversion on the dynamic symbols of a library of the system's linker: the loader finds the new
# name and not the old one, by either hash table, and takes any version of a symbol that has lost its own.
. "$(dirname "$0")/../prelude.sh"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"
[ "$MACHINE" = x86_64 ] || skip "the loader that is asked is that of this machine"

cat >l.c <<'E'
int one(void) { return 1; }
int two(void) { return 2; }
int three(void) { return one() + two(); }
E
cat >m.c <<'E'
#include <dlfcn.h>
#include <stdio.h>
int main(int n, char **v) {
  void *l = dlopen(v[1], RTLD_LAZY);
  if (!l) { puts(dlerror()); return 1; }
  for (int i = 2; i < n; i++) { int (*f)(void) = dlsym(l, v[i]); printf("%d ", f ? f() : -1); }
  puts("");
  return 0;
}
E
gcc -B/usr/bin m.c -o m
for style in gnu sysv both; do
  gcc -B/usr/bin -shared -fPIC -Wl,--hash-style=$style l.c -o l.so
  shows '^1 2 3 -1 $' ./m ./l.so one two three a_much_longer_name
  "$edit" symbol rename one a_much_longer_name dynamic=yes -o r.so l.so
  shows '^-1 2 3 1 $' ./m ./r.so one two three a_much_longer_name
  # Calls from within, which are bound when they are first made, still reach it.
  "$edit" symbol hide two dynamic=yes -o h.so l.so
  shows '^1 -1 3 $' ./m ./h.so one two three
done

# A program exports nothing: GNU ld writes it a hash table without chains, which begins at its first import.
gcc -B/usr/bin -shared -fPIC -Wl,-soname,l.so l.c -o l.so
echo 'int two(void); int main(void) { return two() - 3; }' >p.c
gcc -B/usr/bin p.c l.so -Wl,-rpath,"$PWD" -o p
if ./p; then fail "two is three"; fi
"$edit" symbol rename two three dynamic=yes -i p
./p

# Copies of constants of a library, four bytes each, end where .dynamic begins.
echo 'const int major = 1, minor = 2;' >c.c
echo 'extern const int major, minor; int main(void) { return major + minor - 3; }' >n.c
gcc -B/usr/bin -shared -fPIC -Wl,-soname,lc.so c.c -o lc.so
gcc -B/usr/bin -O1 -pie -fPIE -Wl,-z,now n.c lc.so -Wl,-rpath,"$PWD" -o n
shows R_X86_64_COPY readelf -rW n
cp lc.so lc-with-a-longer-name-than-before.so
"$edit" needed replace lc.so lc-with-a-longer-name-than-before.so -i n
./n

printf 'V1 { global: one; local: *; };' >v
gcc -B/usr/bin -shared -fPIC -Wl,--version-script=v -Wl,-soname,lv.so l.c -o lv.so
echo 'int one(void); int main(void) { return one() - 1; }' >u.c
gcc -B/usr/bin u.c lv.so -Wl,-rpath,"$PWD" -o u
"$edit" symbol unversion one -i u
readelf --dyn-syms -W u | grep -q ' one@' && fail "the version is still there"
./u
