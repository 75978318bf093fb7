#!/bin/bash
# Assignments in a script that stands as input mean what --defsym means; PROVIDE defines only what is
# needed, and brings archive members for it along. (GNU ld, LLVM's linker)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start, foo, own
.text
_start: ret
foo: .byte 0
own: .byte 0
.data
.quad used
END
as a.s -o a.o
echo '.globl member; .text; member: ret; .globl other; other: nop' | as -o member.o
ar rc lib.a member.o
# gives SCRIPT SYMBOL VALUE : links with the script, and compares
gives() {
  echo "$1" >s.ld
  $SWOLD a.o s.ld lib.a --defsym="expected=$3" -o t
  [ "$(address t "$2")" = "$(address t expected)" ] || fail "$1: $(address t "$2")"
}
gives 'used = foo;' used foo
gives '"used"=foo+1 , second = used;' second own
gives 'used = 5; used *= 2; used -= 1; used <<= 2; used |= 1; used &= 0xff; used /= 3;' used 12
gives 'PROVIDE(used = foo); PROVIDE(used = own);' used foo
gives 'PROVIDE(unused = nowhere); PROVIDE(own = foo); used = own;' used foo+1
lacks ' unused$' nm t
gives 'PROVIDE_HIDDEN(used = middle); PROVIDE(middle = member);' used member
shows ' t used$' nm t
shows ' T middle$' nm t
gives 'PROVIDE(unused = member); HIDDEN(used = 1);' used 1
lacks ' member$' nm t
shows ' a used$' nm t
gives 'own = 3; used = own; ASSERT(used == 3, "no") INPUT(lib.a)' own 3

echo 'int f(void) { return 4; }' >f.c
gcc -fPIC -c f.c
echo 'alias = f; other = 7;' >s
$CC -shared s f.o -o libf.so
shows ' FUNC .* alias$' readelf --dyn-syms -W libf.so
shows '7 .* ABS other$' readelf --dyn-syms -W libf.so

wrong() { echo "$1" >s.ld; expect_fail $SWOLD a.o s.ld -o t; says "$2"; }
wrong 'used = foo;
ASSERT(used == own,
  "not own");' 's\.ld:2:1: ASSERT\(used == own, "not own"\): the assertion failed: not own'
wrong 'used = nowhere;' "s\.ld:1:1: used = nowhere: no symbol 'nowhere' is defined"
wrong 'used = foo' "s\.ld:2:1: expected ';'"
wrong 'used = 1 + ;' 's\.ld:1:12: the expression needs a number or symbol before ";"'
wrong '. = 4;' "s\.ld:1:1: an assignment to '\.' is not read by swold"
