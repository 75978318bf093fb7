#!/bin/bash
# Whether a dynamic relocation is a text relocation says the output section, not that of the input.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start, var
_start: ret
.section .rules, "a"
.quad var
.section .more, "aw"
var: .quad var
.section .note.GNU-stack,"",@progbits
END
as a.s -o a.o
sed 's/"a"/"aw"/; s/_start/start2/; s/var/var2/g' a.s | as -o b.o
# Both .rules become one section, which is writable.
$SWOLD -pie -z text a.o b.o -o m 2>err
[ ! -s err ]
lacks TEXTREL readelf -d m
[ "$(section m .rules flags)" = WA ]
$SWOLD -pie a.o -o m 2>err
grep -q "a\.o:(\.rules)+0x0: relocation $R_WORD against var" err
shows TEXTREL readelf -d m

# A map may make a section writable, or read-only.
echo 'smap 1; extends default; section .rules { access rw; take .rules; }' >w.smap
$SWOLD -pie -z text --section-map=w.smap a.o -o m
lacks TEXTREL readelf -d m
echo 'smap 1; extends default; section .more { access r; take .more; }' >r.smap
expect_fail $SWOLD -pie -z text --section-map=r.smap a.o b.o -o n
says 'a\.o:\(\.more\): needs dynamic relocations, and its output section is read-only'
$SWOLD -pie --section-map=r.smap a.o b.o -o m 2>err
grep -q 'warning: a\.o:(\.more)' err
shows TEXTREL readelf -d m
