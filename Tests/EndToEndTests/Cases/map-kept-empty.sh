#!/bin/bash
# SM410, the warning about a kept or pinned section that is empty: not of what the linker fills later, and not
# of a section that may be empty (`always`).
# machines: -arm (tables of its own for exceptions)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
__attribute__((section(".config"))) int config = 1;
int common;
const char *text(void) { return "merged"; }
void _start(void) { common = text()[0]; }
END
$CC -fcommon -fasynchronous-unwind-tables -fno-pic -O1 -c a.c -o a.o
# try WANTED SECTION-ITEMS OPTION…: whether the link warns, and how.
try() {
  echo "smap 1; orphans place; place at 0x40_0000 { section .text; section .x { $2 } }" >m.smap
  "$SWOLD" --section-map m.smap --gc-sections "${@:3}" a.o -o a 2>warnings
  [ "$(sed -n 's/.*SM410\]: //p' warnings)" = "$1" ] || { cat warnings; fail "$2"; }
}
for name in .eh_frame .rodata.str1.1 COMMON .note.gnu.build-id; do
  try '' "keep take $name;" --build-id
  [ "$(section a .x size)" != 000000 ]
done
try '' 'at 0x50_0000; take .eh_frame;'
try 'pinned section .x is empty: --gc-sections removed a.o:(.config)' 'at 0x50_0000; take .config;'
try '' 'at 0x50_0000; always; take .config;'
try 'kept section .x is empty' 'keep take .bss;'
try '' 'keep take .bss; always;'

# All frames went with their functions.
$CC -fno-pic -O1 -ffunction-sections -fasynchronous-unwind-tables -xc -c - -o b.o <<<'void unused(void) {}'
echo 'smap 1; place at 0x40_0000 { section .text { take @code; } section .x { keep take .eh_frame; } }' >m.smap
"$SWOLD" --section-map m.smap --gc-sections -e 0 b.o -o b 2>warnings
grep 'SM410.*kept section .x is empty' warnings
