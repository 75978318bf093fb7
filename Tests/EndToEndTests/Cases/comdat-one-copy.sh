#!/bin/bash
# An inline function with a static is one function and one static.
. "$(dirname "$0")/../prelude.sh"

printf 'inline int &count() { static int n = 0; return n; }\n' >f.h
printf '#include "f.h"\nvoid inc() { count()++; }\n' >a.cc
printf '#include "f.h"\nvoid inc();\nint main() { inc(); return count() != 1; }\n' >b.cc
$CXX a.cc b.cc -o m
./m
[ "$(count ' count\(\)$' nm -C m)" = 1 ]
sane m
