#!/bin/bash
# foo@V wants that version: neither a plain foo of the program or a library, nor another version.
. "$(dirname "$0")/../prelude.sh"

echo 'int x(void) { return 1; } __asm__(".symver x, foo@@V1");' >v.c
echo 'V1 { };' >map
gcc -shared -fPIC v.c -Wl,--version-script=map,-soname=libv.so -o libv.so
echo 'int foo(void) { return 2; }' >p.c
gcc -shared -fPIC p.c -Wl,-soname,libp.so -o libp.so
echo '__asm__(".symver old, foo@V1"); int old(void); int g(void) { return old(); }' >g.c
echo 'int g(void); int main(void) { return g() != 1; }' >m.c
gcc -fPIC -c g.c p.c m.c

# In whatever order the libraries come.
for libraries in libv.so 'libv.so libp.so' 'libp.so libv.so'; do
  $CC m.o g.o -Wl,--no-as-needed $libraries -Wl,-rpath,. -o m
  ./m || [ $? = 1 ]  # ld.so takes any foo of a library without versions, if it comes first
  shows 'UND foo@V1 ' readelf --dyn-syms -W m
done
# Beside an own foo: the reference keeps its version. (lld; GNU ld binds it to any foo)
$CC -shared g.o p.o libv.so -o libg.so
shows 'UND foo@V1 ' readelf --dyn-syms -W libg.so
shows '[0-9] foo$' readelf --dyn-syms -W libg.so
for objects in 'm.o g.o p.o' 'p.o m.o g.o'; do
  $CC $objects libv.so -Wl,-rpath,. -o m
  ./m || [ $? = 1 ]  # so with the program's
done
# Beside an own version, from a script or a name.
echo 'W { foo; };' >own
$CC -shared g.o p.o libv.so -Wl,--version-script=own -o libg.so
shows 'UND foo@V1 ' readelf --dyn-syms -W libg.so
shows ' foo@@W$' readelf --dyn-syms -W libg.so
echo 'int w(void) { return 3; } __asm__(".symver w, foo@@W");' >w.c
$CC -shared -fPIC g.o w.c libv.so -Wl,--version-script=own -Wl,-rpath,. -o libg.so
$CC m.o libg.so -Wl,-rpath,. -o m
./m
sane libg.so m
