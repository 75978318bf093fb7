#!/bin/bash
# A library whose dynamic section or tables of versions point nowhere is refused with the reason.
# machines: x86_64 aarch64 riscv64 (damages records of 64-bit files)
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
printf 'V1 { global: f; };\nV2 { global: g; } V1;\n' >versions
echo 'int need(void) { return 1; }' | gcc -shared -fPIC -x c - -Wl,--version-script=<(echo 'V { need; };') -Wl,-soname,need.so -o need.so
printf 'int need(void); int f(void) { return need(); } int g(void) { return 2; }\n' >lib.c
gcc -shared -fPIC -nostdlib lib.c need.so -Wl,--version-script=versions -Wl,-soname,lib.so -o lib.so
echo 'int f(void), g(void); int main(void) { return f() + g(); }' | gcc -x c -c - -o main.o
$SWOLD main.o lib.so need.so -e main -o out
refuse() {
  python3 "$CASES/patch-elf.py" lib.so bad.so "$1"
  expect_fail timeout 20 $SWOLD main.o bad.so need.so -e main -o out
  says "bad\.so: .*$2"
}
# The places of DT_SONAME and DT_NEEDED.
entry() { readelf -dW lib.so | awk -v t="($1)" '/^ 0x/ { if ($2 == t) print 16 * n + 8; n++ }'; }
refuse .dynamic@$(entry SONAME)/8=0x100000 'DT_SONAME is at offset 1048576 of a string table'
refuse .dynamic@$(entry SONAME)/8=0x8000000000000000 'DT_SONAME is at offset'
refuse .dynamic@$(entry NEEDED)/8=0x100000 'DT_NEEDED is at offset'
refuse .dynamic:size=24 'dynamic section has 24 bytes'
refuse .dynamic:entry=8 'dynamic section has .* in entries of 8'
refuse .dynamic:size=0x40000000 'dynamic section lies outside'
refuse .dynamic:offset=0x40000000 'dynamic section lies outside'
refuse .dynamic:link=.text 'dynamic section is not linked to a string table'

refuse .gnu.version:size=4 'version table has 2 entries for'
refuse .gnu.version:size=5 'version table .* broken last entry'
refuse .gnu.version:entry=3 'version table has entries of 3 bytes'
last=$(($(readelf --dyn-syms -W lib.so | sed -n 's/.*contains \([0-9]*\) entries.*/\1/p') - 1))
refuse .gnu.version@$((2 * last))/2=99 'version 99, which is neither defined nor needed'
refuse .gnu.version@$((2 * last))/2=0x8063 'version 99, which is neither defined nor needed'
# Elf64_Verdef of V1, behind the one of the library: index, count, aux, next; its name.
refuse .gnu.version_d@32/2=0 'version 2, which is neither defined nor needed'
refuse .gnu.version_d@32/2=0x7fff 'version 2, which is neither defined nor needed'
refuse .gnu.version_d@34/2=0 'version definition 2 has no name'
refuse .gnu.version_d@40/4=0 'version definition 2 has no name'
refuse .gnu.version_d@40/4=0x40000000 'version definitions are truncated'
refuse .gnu.version_d@44/4=1 'version definition 2 .* overlaps'
refuse .gnu.version_d@48/4=0x100000 'name at offset 1048576 of a string table'
refuse .gnu.version_d:info=0 'neither defined nor needed'
refuse .gnu.version_d:link=.text 'version definitions or their names'
# Elf64_Verneed: count, file, aux; Elf64_Vernaux: index, name.
refuse .gnu.version_r@2/2=0 'neither defined nor needed'
refuse .gnu.version_r@4/4=0x100000 'a library at offset 1048576'
refuse .gnu.version_r@8/4=0x40000000 'version needs are truncated'
refuse .gnu.version_r@22/2=0 'neither defined nor needed'
refuse .gnu.version_r@24/4=0x100000 'name at offset 1048576 of a string table'

# Harmless: linkers read the section headers and loaders the segments, so each may be wrong for itself.
for edit in .gnu.version_d:info=99 .dynamic:addr=0 .dynamic:entry=0; do
  python3 "$CASES/patch-elf.py" lib.so odd.so $edit
  $SWOLD main.o odd.so need.so -e main -o out
done
