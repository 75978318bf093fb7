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
# A plain foo that wins over a weak foo@@V2 has that version: only the node V2 can hide it, not the
# `local: *` of another one. (GNU ld, lld)
printf '.weak bar\nbar: ret\n.symver bar, foo@@V2, remove\n' | as -o 2.o
printf '.globl foo\nfoo: ret\n' | as -o 3.o
for script in 'V1 { local: *; }; V2 { };' 'V1 { local: foo; }; V2 { };' 'V1 { local: *; }; V2 { foo; };'; do
  echo "$script" >map
  for objects in '2.o 3.o' '3.o 2.o'; do
    $SWOLD -shared $objects --version-script map -o l.so
    [ "$(exported)" = 'GLOBAL foo@@V2' ] || fail "$script"
  done
done
echo 'V1 { local: *; }; V2 { local: foo; };' >map
$SWOLD -shared 2.o 3.o --version-script map -o l.so
[ -z "$(exported)" ]
# So it does beside an own old version.
printf '.globl foo\nfoo: ret\n.symver foo, foo@V1\n' | as -o 3.o
echo 'V1 { }; V2 { };' >map
$SWOLD -shared 2.o 3.o --version-script map -o l.so
[ "$(exported | sort | xargs)" = 'GLOBAL foo@@V2 GLOBAL foo@V1' ]
