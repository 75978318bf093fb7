#!/bin/bash
# exec-stack, flags, header and get on a program of the system's linker: what they set is what readelf shows, the program
# runs, and a second run says that there is nothing to do.
. "$(dirname "$0")/../prelude.sh"
edit=$(realpath "$CASES/../../../.build/release/swold-edit")
[ -x "$edit" ] || skip "no swold-edit"
[ "$MACHINE" = x86_64 ] || skip "one machine is enough for these fields"

printf '#include <stdio.h>\nint main(void) { puts("ok"); return 0; }\n' >m.c
gcc -B/usr/bin -Wl,-z,lazy -Wl,--build-id m.c -o m

"$edit" exec-stack set -i m
shows 'GNU_STACK.*RWE' readelf -lW m
[ "$("$edit" get exec-stack m)" = yes ]
"$edit" exec-stack clear -i m
[ "$("$edit" get exec-stack m)" = no ]
"$edit" exec-stack clear -i m 2>err && fail "nothing to do"
grep -q SE-NO-EFFECT err
"$edit" exec-stack clear if-needed -i m

libc=$(ldd m | sed -n 's/.*libc.so.6 => \(.*\)\/.*/\1/p')
"$edit" flags add nodeflib now -i m
shows 'FLAGS_1.*NOW.*NODEFLIB' readelf -dW m
if ./m 2>/dev/null; then fail "the loader's own folders are looked into"; fi
"$edit" rpath set "$libc" -o found m
[ "$(./found)" = ok ]
"$edit" flags remove nodeflib -i m
[ "$("$edit" get flags m | grep -c nodeflib)" = 0 ]
[ "$(./m)" = ok ]

"$edit" header osabi=linux -i m
shows 'OS/ABI: *UNIX - GNU' readelf -hW m
[ "$("$edit" get build-id m)" = "$(readelf -n m | sed -n 's/ *Build ID: //p')" ]
[ "$("$edit" get interp m)" = /lib64/ld-linux-x86-64.so.2 ]
[ "$("$edit" get needed m)" = libc.so.6 ]
"$edit" get soname m && fail "it has none"
[ "$(./m)" = ok ]
