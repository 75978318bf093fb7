#!/bin/bash
# -r keeps SHF_LINK_ORDER: each section names the one that it follows, in groups and outside.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.section .text.a,"ax"
.globl a
a: ret
.section .text.b,"ax"
.globl b
b: ret
.section lo,"ao",@progbits,.text.a
.quad a
.section lo,"ao",@progbits,.text.b
.quad b
.section .text.g,"axG",@progbits,g,comdat
.weak g
g: ret
.section lo,"aoG",@progbits,.text.g,g,comdat
.quad g
.section .note.GNU-stack,"",@progbits
END
sed 's/\<a\>/c/g; s/\<b\>/d/g; s/"cx"/"ax"/; s/"co"/"ao"/' a.s >b.s
as a.s -o a.o
as b.s -o b.o
$SWOLD -r a.o b.o -o ab.o
sane ab.o
for section in .text.a .text.b .text.g; do
  shows " lo +PROGBITS .* AL[G]? +$(section ab.o $section index) " readelf -SW ab.o
done
[ "$(count ' lo +PROGBITS' readelf -SW ab.o)" = "$(count ' \.text\..* PROGBITS' readelf -SW ab.o)" ]
# The group holds code, its list and the list's relocations.
shows "COMDAT group section .*\[g\] contains [34] sections" readelf -gW ab.o
[ "$(count ' \.text\.g$| lo$| \.rela?lo$' readelf -gW ab.o)" = 3 ]
