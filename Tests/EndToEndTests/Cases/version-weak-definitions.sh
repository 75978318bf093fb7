#!/bin/bash
# Weak and strong definitions of one version compete as those without versions do.
. "$(dirname "$0")/../prelude.sh"

echo 'V1 { };' >map
define() { printf '.%s x%s\n.type x%s, @object\n.data\nx%s: .long %s\n.size x%s, 4\n.symver x%s, %s\n' \
  "$2" "$1" "$1" "$1" "$1" "$1" "$1" "$3" | as -o "$1.o"; }
exported() { readelf --dyn-syms -W l.so | awk '$8 ~ /^foo(@|$)/ { print $5, $8 }'; }
value() { readelf -x .data l.so | awk -v n=$((0x$(address l.so foo) - 0x$(section l.so .data address))) \
  '/^ *0x/ { print substr($(2 + n / 4), 2, 1) }'; }

define 1 weak foo@V1; define 2 globl foo@V1
$SWOLD -shared 1.o 2.o --version-script map -o l.so
[ "$(exported) $(value)" = 'GLOBAL foo@V1 2' ]
define 2 weak foo@V1
$SWOLD -shared 1.o 2.o --version-script map -o l.so
[ "$(exported) $(value)" = 'WEAK foo@V1 1' ]
# foo@V1 and foo@@V1 are one symbol, and the default if either says so. (lld; GNU ld: an error)
define 1 weak foo@@V1; define 2 globl foo@V1
$SWOLD -shared 1.o 2.o --version-script map -o l.so
[ "$(exported) $(value)" = 'GLOBAL foo@@V1 2' ]
define 1 globl foo@@V1
printf '.weak foo\n.data\n.long 0\nfoo: .long 3\n' | as -o 3.o
$SWOLD -shared 3.o 1.o --version-script map -o l.so
[ "$(exported) $(value)" = 'GLOBAL foo@@V1 1' ]
