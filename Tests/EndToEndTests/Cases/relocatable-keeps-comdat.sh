#!/bin/bash
# Groups survive -r, so a later link still keeps one copy only.
. "$(dirname "$0")/../prelude.sh"

cat >f.h <<'END'
inline int &counter() { static int n = 0; return n; }
END
printf '#include "f.h"\nvoid inc() { counter()++; }\n' >a.cc
printf '#include "f.h"\nvoid inc();\nint main() { inc(); return counter() != 1; }\n' >b.cc
g++ -c a.cc b.cc
$CXX -r a.o -o ra.o
$CXX -r b.o -o rb.o
shows 'COMDAT group section' readelf -gW ra.o
$CXX ra.o rb.o -o ab
./ab
[ "$(count ' W _Z7counterv$' nm ab)" = 1 ]
sane ra.o ab
