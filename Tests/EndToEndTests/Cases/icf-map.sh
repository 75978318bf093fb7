#!/bin/bash
# With a section map, sections of different places, and those that it keeps, are not folded.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'EOF'
int one(int x) { return x * 2 + 40; }
int two(int x) { return x * 2 + 40; }
__attribute__((section(".fast.three"))) int three(int x) { return x * 2 + 40; }
__attribute__((section(".fast.four"))) int four(int x) { return x * 2 + 40; }
__attribute__((section(".init"))) int five(int x) { return x * 2 + 40; }
__attribute__((section("named"))) int six(int x) { return x * 2 + 40; }
__attribute__((section("named2"))) int seven(int x) { return x * 2 + 40; }
__attribute__((section(".kept.eight"))) int eight(int x) { return x * 2 + 40; }
int _start(void) { return one(1) + two(2) + three(3) + four(4) + five(5) + six(6) + seven(7) + eight(8); }
EOF
"$SWOLD" --print-section-map >default.map
sed 's/^\( *\)section \.text /\1section .fast { take .fast.*; }\n&/; s/take \.init;/&/' default.map >fast.map
grep -q 'section .fast' fast.map
$CC -O1 -fno-inline -fno-pic -ffunction-sections -c a.c
list() {
  sort "$1" | sed 's/folding section a.o:(\(.*\)) into a.o:(\(.*\))/\1 \2/'
}
"$SWOLD" --section-map=fast.map --icf=all --print-icf-sections=list a.o -o a
list list | diff - <(printf '%s\n' '.fast.four .fast.three' '.kept.eight .text.one' '.text.two .text.one' | grep -v kept)
[ "$(address a three)" != "$(address a one)" ]
"$SWOLD" --icf=all --print-icf-sections=list a.o -o b
grep -q 'folding section a.o:(.text.two) into a.o:(.text.one)' list
if grep -qE 'five|six|seven|\.init|named' list; then fail "folded what must not be"; fi
