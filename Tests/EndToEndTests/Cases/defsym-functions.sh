#!/bin/bash
# The functions of GNU ld that make sense outside of a layout, conditions, and numbers in its forms.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl _start, foo, bar
.text
_start: ret
foo: nop
.data
.balign 32
bar: .quad 1
.section numbers, "a"
.quad 7
END
as a.s -o a.o
pages=8K
[ $MACHINE != aarch64 ] || pages=68K
# is EXPRESSION VALUE : the value, which may be another expression
is() {
  $SWOLD a.o --build-id --defsym="x=$1" --defsym="y=$2" -o t
  [ "$(address t x)" = "$(address t y)" ] || fail "$1 is $(address t x), not $2"
}
is 'SIZEOF(.data)' 8
is 'SIZEOF(numbers)' 8
is 'SIZEOF(.note.gnu.build-id)' 0x24
is 'ALIGNOF(.data)' 32
is 'ADDR(.data)' bar
is 'LOADADDR(.data)' bar
is '__stop_numbers-__start_numbers' 8
is 'ALIGN(foo, 0x1000)' '(foo + 0xfff) & ~0xfff'
is 'MAX(foo, bar)' 'foo > bar ? foo : bar'
is 'MIN(foo, bar)' 'foo < bar ? foo : bar'
is 'LOG2CEIL(17)' 5
is 'CONSTANT(MAXPAGESIZE)+CONSTANT(COMMONPAGESIZE)' $pages
is 'DEFINED(foo) && !DEFINED(nowhere)' 1
is 'DEFINED(nowhere) ? nowhere : 5' 5
is 'ASSERT(bar - foo, "the same")' 'bar-foo'
is '$ff + 0ah + 17o + 101b + 10d + 010' 303
is '-7/2' -3
is 1K*1M 0x40000000
is 'foo == foo || 1/0' 1

wrong() { expect_fail $SWOLD a.o --defsym="x=$1" -o t; says "$2"; }
wrong 'foo+' 'ends where a number or symbol should follow \(column 5\)'
wrong '1 ? 2' 'ends where ":" should follow \(column 6\)'
wrong 'NEXT(4)' 'calls NEXT, and swold knows the functions .* \(column 1\)'
wrong '1+.' "cannot ask for '\.'.*\(column 3\)"
wrong 'ALIGN(16)' 'ALIGN with 1'
wrong 'ALIGN(foo,3)' 'x=ALIGN\(foo,3\): the alignment 3 is not a power of two'
wrong 'foo/(foo-foo)' 'division by zero'
wrong 'SIZEOF(.nowhere)' 'the output has no section .nowhere'
wrong 'ASSERT(foo == bar, "not the same")' 'the assertion failed: not the same'
