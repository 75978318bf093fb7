#!/bin/bash
# The node of a version decides whether a symbol with that version in its name is exported.
. "$(dirname "$0")/../prelude.sh"

printf '.globl n, z\nn: ret\nz: ret\n.symver n, foo@V1\n.symver z, foo@@V2\n' | as -o l.o
# Each line was tried with GNU ld 2.40. lld differs in the last three: there a glob hides no default
# version, and one local pattern is asked before `*`.
while IFS='|' read -r script expected; do
  echo "$script" >map
  $SWOLD -shared l.o --version-script map -o libl.so
  got=$(readelf --dyn-syms -W libl.so | awk '$8 ~ /^foo(@|$)/ { print $8 }' | sort | xargs)
  [ "$got" = "$expected" ] || fail "$script exports $got"
done <<'X'
V1 { local: *; }; V2 { } V1;|foo@@V2
V1 { global: foo; local: *; }; V2 { } V1;|foo@@V2 foo@V1
V1 { global: f*; local: *; }; V2 { } V1;|foo@@V2 foo@V1
V1 { global: other; local: *; }; V2 { foo; } V1;|foo@@V2
V1 { }; V2 { foo; }; V3 { local: *; };|foo@@V2 foo@V1
V1 { }; V2 { local: foo; } V1;|foo@V1
V1 { }; V2 { local: f*; } V1;|foo@V1
V1 { global: foo; }; V2 { local: *; } V1;|foo@V1
X
