#!/bin/bash
# A name that is global in one node and local in another is most likely a mistake: the first counts,
# and a warning names both places. One name in two versions is customary (glibc) and says nothing.
. "$(dirname "$0")/../prelude.sh"

echo 'void foo(void) {} void bar(void) {}' >f.c
printf 'V1 { global: foo; };\nV2 { local: foo; *; };\n' >contradicts.ver
$CC -shared -fPIC f.c -Wl,--version-script=contradicts.ver -o libf.so 2>warning
grep -q 'warning: contradicts.ver:2:13: foo is named at 1:14 too' warning
readelf -W --dyn-syms libf.so | grep -q 'foo@@V1'
printf 'V1 { global: foo; };\nV2 { global: foo; bar; local: *; };\n' >twice.ver
$CC -shared -fPIC f.c -Wl,--version-script=twice.ver -Wl,--fatal-warnings -o libf.so
sane libf.so
