#!/bin/bash
# One hidden reference makes a symbol hidden in the whole output.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 1; } int g(void) { return f(); }' >a.c
echo '__attribute__((visibility("hidden"))) int f(void); int h(void) { return f(); }' >b.c
$CC -shared -fPIC a.c b.c -o l.so
lacks ' f$' nm -D l.so
shows ' T g$' nm -D l.so
shows 'LOCAL .*HIDDEN .* f$|LOCAL +(DEFAULT|HIDDEN) .* f$' readelf -sW l.so
