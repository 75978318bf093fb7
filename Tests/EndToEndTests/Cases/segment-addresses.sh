#!/bin/bash
# -Trodata-segment and -Tldata-segment move read-only data behind code, and data of the large models, to where
# GNU ld moves them.
# machines: x86_64 (sections of its large models)
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
const int table[1000] = {1};
int data[10] = {3}, zeros[100];
extern char _end[];
char *last = _end;
int main(void) { return table[0] - 1 + data[0] - 3 + zeros[0]; }
END
cat >large.s <<'END'
.section .lrodata,"al",@progbits
.globl large_table, large_data, large_zeros
large_table: .long 7
.section .ldata,"awl",@progbits
large_data: .long 8
.section .lbss,"awl",@nobits
large_zeros: .zero 64
.section .note.GNU-stack,"",@progbits
END
gcc -fno-pie -c m.c && as large.s -o large.o
link() { # OPTIONS… : links m with swold and m.reference with GNU ld
  gcc -no-pie m.o large.o "$@" -o m.reference -z separate-code
  $CC -no-pie m.o large.o "$@" -o m 2>err
  ./m && ./m.reference && sane m
}
same() { # SECTION… : at the same addresses in both
  for name; do
    [ "$(section m $name address)" = "$(section m.reference $name address)" ] || fail "$name is elsewhere"
  done
}
for spelling in -Trodata-segment=0x900000 --Trodata-segment=900000 -Trodata-segment,0x900000; do
  link -Wl,$spelling && same .rodata
  [ "$(section m .rodata address)" = 0000000000900000 ]
done
shows '^ *LOAD +0x000000 0x0*400000 ' readelf -lW m   # the headers stay
[[ $(section m .dynsym address) < $(section m .text address) ]]
[[ $(section m .text address) < $(section m .rodata address) ]]
[[ $(section m .eh_frame address) > $(section m .rodata address) ]]
[[ $(section m .data address) > $(section m .eh_frame address) && $(section m .data address) < 0000000000904000 ]]
link -Wl,-Trodata-segment=0x900040 && same .rodata
for spelling in -Tldata-segment=0x90000000 --Tldata-segment=90000000; do
  link -Wl,$spelling && same .lrodata
  [[ $(section m .bss address) < 0000000000500000 ]]
done
link -Wl,-Trodata-segment=0x900000,-Tldata-segment=0x90000000,-Ttext-segment=0x600000 && same .rodata .lrodata
shows '^ *LOAD +0x000000 0x0*600000 ' readelf -lW m
[ $((0x$(address m _end))) -ge $((0x90000000)) ]
gcc -fPIE -c m.c -o p.o
$CC -pie p.o -Wl,-Trodata-segment=0x900000 -o p && ./p && sane p
[ "$(section p .rodata address)" = 0000000000900000 ]
# Without large data its place has no bytes.
$CC -no-pie m.o -Wl,-Tldata-segment=0x90000000 -o m && ./m
gcc -no-pie m.o -Wl,-Tldata-segment=0x90000000 -o m.reference
[ "$(address m _end)" = "$(address m.reference _end)" ]
# What cannot be.
expect_fail $CC -no-pie m.o -Wl,-Trodata-segment=0x900000,--no-rosegment -o n
says '--no-rosegment and -Trodata-segment may not be used together'
expect_fail $CC -no-pie m.o -Wl,-Trodata-segment=0x401000 -o n
says 'overlap'
expect_fail $CC -no-pie m.o -Wl,-Trodata-segment=x -o n
says 'hexadecimal address'
echo 'smap 1; place at 0x400000 { headers; section .all { take @alloc; } }' >map
expect_fail $CC -no-pie m.o -Wl,-Trodata-segment=0x900000,-Tldata-segment=0x90000000,--section-map=map -o n
says 'Trodata-segment sets an address' && says 'Tldata-segment sets an address'
