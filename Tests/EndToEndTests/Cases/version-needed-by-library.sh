#!/bin/bash
# What a library needs under a version is exported for it, or pulled, only with that version.
. "$(dirname "$0")/../prelude.sh"

echo 'int old(void) { return 1; } int new(void) { return 2; }' >v.c
echo '__asm__(".symver old, foo@V1\n.symver new, foo@@V2");' >>v.c
echo 'V1 { }; V2 { } V1;' >map
gcc -shared -fPIC v.c -Wl,--version-script=map,-soname=libv.so -o libv.so
echo '__asm__(".symver foo, foo@V1"); int foo(void); int g(void) { return foo(); }' >g.c
gcc -shared -fPIC g.c libv.so -Wl,-soname,libg.so,-rpath,. -o libg.so
# The same without a default version, which would stand for the program's foo.
sed -i s/@@V2/@V2/ v.c
gcc -shared -fPIC v.c -Wl,--version-script=map,-soname=libv.so -o libv.so

echo 'int foo(void) { return 3; } int g(void); int main(void) { return g() != 1; }' >m.c
$CC m.c libg.so libv.so -Wl,-rpath,. -o m
lacks ' foo' readelf --dyn-syms -W m
./m
echo 'int g(void); int main(void) { return g(); }' >n.c
echo 'int foo(void) { return 3; }' >p.c
gcc -c p.c n.c
ar cr libp.a p.o
$CC n.o libg.so libp.a libv.so -Wl,-rpath,. -o n
lacks ' foo$' nm n

# Own definitions of that version are exported, default or not, also from an archive. (GNU ld)
for version in foo@V1 foo@@V1; do
  printf '.globl x\n.type x, @function\nx: return 4\n.symver x, %s\n' $version | as -o x.o
  rm -f libx.a
  ar cr libx.a x.o
  for object in x.o libx.a; do
    $CC n.o libg.so $object libv.so -Wl,-rpath,. -o n
    shows " $version\$" readelf --dyn-syms -W n
    ./n && fail "not the program's foo" || [ $? = 4 ]
  done
done
sane m n
