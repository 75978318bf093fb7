#!/bin/bash
# -r with a section map: its rules name, order, align, keep and discard; a kernel's module.lds imported does
# what it does with GNU ld. What needs addresses, and what the rules forbid or leave open, is an error.
. "$(dirname "$0")/../prelude.sh"

cat >module.lds <<'E2'
SECTIONS {
 /DISCARD/ : { *(.discard) *(.discard.*) *(.export_symbol) }
 __ksymtab 0 : { *(SORT(___ksymtab+*)) }
 .ctors 0 : ALIGN(8) { *(SORT(.ctors.*)) *(.ctors) }
 .altinstructions 0 : ALIGN(8) { KEEP(*(.altinstructions)) }
 __patchable_function_entries : { *(__patchable_function_entries) }
}
E2
cat >a.c <<'E2'
#define IN(name) __attribute__((section(name), used))
int f(void) { return 1; }
IN("___ksymtab+zeta") int zeta = 26;
IN("___ksymtab+alpha") int alpha = 1;
IN(".ctors") void *late = (void *)f;
IN(".ctors.1") void *first = (void *)f;
IN(".altinstructions") char alternatives[3] = {1, 2, 3};
IN(".discard.note") int gone = 3;
IN("__patchable_function_entries") void *patched = (void *)f;
IN("others") int other = 7;
E2
$CC -c -ffunction-sections a.c
printf '\t.section .discard.g,"aG",%%progbits,signature,comdat\n\t.weak signature\nsignature: .long 1\n' >g.s
printf '\t.section .kept.g,"aG",%%progbits,signature,comdat\n\t.long 2\n' >>g.s
$CC -c g.s
$SWOLD -r --import-scripts -T module.lds a.o g.o -o m.o
for section in __ksymtab .ctors .altinstructions __patchable_function_entries others .text.f; do
  has_section m.o "$section"
done
lacks '\.discard|ksymtab\+|\.ctors\.1' readelf -SW m.o
shows '\.kept\.g' readelf -gW m.o
[ "$(section m.o .altinstructions align)" = 8 ]
[ $((16#$(address m.o alpha))) = 0 ] && [ $((16#$(address m.o zeta))) = 4 ] || fail "not sorted by name"
[ $((16#$(address m.o first))) = 0 ] || fail "rules are not in order"

if [ $MACHINE = x86_64 ]; then
  ld.bfd -r -T module.lds a.o -o gnu.o
  $SWOLD -r --import-scripts -T module.lds a.o -o own.o
  for name in __ksymtab .ctors .altinstructions __patchable_function_entries others; do
    [ "$(section own.o $name align)" = "$(section gnu.o $name align)" ]
    [ "$(contents own.o $name)" = "$(contents gnu.o $name)" ]
  done
fi

# --gc-sections keeps what `keep` says.
cat >k.c <<'E2'
__attribute__((section(".text.keep"))) void kept(void) {}
__attribute__((section(".text.gone"))) void dead(void) {}
__attribute__((section(".text.main"))) void begin(void) {}
E2
$CC -c k.c
echo 'smap 1; section .text { keep take .text.keep; take .text+; }' >k.smap
$SWOLD -r --gc-sections -e begin --section-map k.smap k.o -o k2.o
shows ' kept$' nm k2.o
lacks ' dead$' nm k2.o

refuses() {
  echo "smap 1; $2" >e.smap
  expect_fail $SWOLD -r --section-map e.smap a.o -o e.o
  says "$1"
  [ ! -e e.o ] || fail "an output in spite of an error: $2"
}
refuses 'SM203.*no data: .*a\.o:\(others\) has 4 bytes' 'forbid others, "no data";'
refuses 'SM201.*two rules claim .*a\.o:\(others\)' 'section .a { take o*; } section .b { take *s; }'
refuses "SM106.*'fill' has no meaning with -r" 'section .a { fill 0xff; take others; }'
refuses "SM106.*'start, end, size' has no meaning with -r" 'section .a { take others; start a_start; }'
refuses "SM106.*'place' has no meaning with -r" 'place at 0 { section .a { take others; } }'
echo 'extern int gone; int *user = &gone;' >u.c
$CC -c u.c
echo 'smap 1; discard .discard.*;' >d.smap
expect_fail $SWOLD -r --section-map d.smap a.o u.o -o d.o
says 'refers to a discarded section: gone'
