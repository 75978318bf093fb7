#!/bin/bash
# An undefined symbol of a program that --unresolved-symbols=ignore-all, -z undefs or a mere warning
# lets pass is zero, so the program starts (GNU ld, mold; lld leaves it to the dynamic linker);
# unless a library needs the symbol, too.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
void nope(void);
extern int datum;
int *volatile address = &datum;
int main(int n, char **v) {
  if (n > 1) nope();
  int *volatile other = &datum;
  return address || other;
}
END
for mode in "-fno-pie -no-pie" "-fPIC -no-pie" "-fPIC -pie"; do
  gcc -O0 -c ${mode% *} m.c
  for option in --unresolved-symbols=ignore-all --unresolved-symbols=ignore-in-object-files \
    --warn-unresolved-symbols "-z undefs"; do
    $CC ${mode#* } m.o -o m -Wl,-z,now,"${option// /,}"
    ./m
    lacks 'nope|datum' readelf --dyn-syms -W m
  done
done
echo 'extern int datum; int *f(void) { return &datum; }' | gcc -shared -fPIC -x c - -o user.so
$CC -pie m.o -Wl,--no-as-needed ./user.so -o m -Wl,--unresolved-symbols=ignore-all
shows 'UND datum' readelf --dyn-syms -W m
lacks 'UND nope' readelf --dyn-syms -W m
