#!/bin/bash
# A name in a dynamic list means the default version.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'X'
int old(void) { return 1; }
int new(void) { return 2; }
__asm__(".symver old, foo@V1\n.symver new, foo@@V2");
int main(void) { return 0; }
X
echo '{ foo; };' >list
# As lld and mold; GNU ld finds nothing of that name.
for option in --dynamic-list=list --export-dynamic-symbol=foo; do
  $CC m.c -Wl,$option -o m
  ./m
  shows ' foo@@V2$' readelf --dyn-syms -W m
  lacks ' (foo@V1|old|new)$' readelf --dyn-syms -W m
done
