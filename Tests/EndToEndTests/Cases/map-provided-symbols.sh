#!/bin/bash
# `provide symbol`: what `root`, an expression of the map or --defsym needs is defined, through chains
# and archives; an alias has its target's type, a number does not move; a cycle is called a cycle.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start, impl
.text
_start: .quad a - .
impl: ret
.type impl, @function
.data
pointer: .quad number
END
as a.s -o a.o
echo '.globl member; .text; member: ret' | as -o member.o
ar rc lib.a member.o
cat >m.smap <<'END'
smap 1;
extends default;
root alias;
provide symbol alias = sym(impl);
provide symbol a = sym(b) + 0;
provide symbol b = sym(member);
provide symbol unused = sym(nowhere);
symbol number = sym(five) + sym(alias) - sym(impl);
symbol after = sym(later);
assert sym(a) == sym(member) && sym(after) == sym(impl) + 2;
END
$SWOLD -pie --section-map m.smap a.o lib.a --defsym=five=5 --defsym=later=alias+2 -o t
[ "$(address t a)" = "$(address t member)" ] && [ "$(address t alias)" = "$(address t impl)" ]
shows ' FUNC .* alias$' readelf -sW t
shows '0*5 .* ABS number$' readelf -sW t
lacks "${R}RELATIVE" readelf -rW t
lacks ' unused$' nm t

wrong() {
  printf 'smap 1;\nextends default;\n%s\n' "$1" >bad.smap
  expect_fail $SWOLD --section-map bad.smap a.o --defsym=a=1 --defsym=number=1 --defsym=d=p -o t
  says "$2"
}
wrong 'symbol p = sym(q); symbol q = sym(p) + 1;' 'smap:3:8: error\[SM103\]: symbols p, q are defined by each'
wrong 'symbol p = 2 * sym(p);' 'smap:3:8: error\[SM103\]: symbol p is defined by itself'
wrong 'symbol p = sym(d) - 1;' '--defsym=d=p: symbols d, p are defined by each other'
wrong 'symbol p = 1; symbol q = 1 + sym(nowhere);' "smap:3:30: error\[SM206\]: no symbol 'nowhere'"
