#!/bin/bash
# --emit-relocs on other machines: where instructions were replaced or left out, the records are those of
# what stands there now; where the addends are in the words, tables have none (SHT_REL).
# machines: x86_64 (names its machines itself)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'X'
int other(int); extern int shared; static int table[8] = {1, 2}; int *pointer = &table[3]; const char *text = "abc";
__attribute__((noinline)) static int local(int x) { return x + table[1]; }
int _start(void) { return other(local(shared)) + *pointer + text[1]; }
X
echo 'int shared = 7; int other(int x) { return x * shared; }' >b.c
# list FILE OBJDUMP-PREFIX : offset in .text, type and symbol of the records for code.
list() {
  local start=$((0x$(section "$1" .text address)))
  readelf -rW "$1" | sed -n "/'\.rel[a]*\.text'/,/^\$/p" | while read -r offset _ type _ symbol _; do
    case $type in R_*) echo "$((0x$offset - start)) $type $symbol" ;; esac
  done
}

# AArch64: without replacements as GNU ld; with them, what the instructions are.
aarch64-linux-gnu-gcc -O1 -fPIC -c a.c b.c
$SWOLD -q --no-relax a.o b.o -o ours
aarch64-linux-gnu-ld -q a.o b.o -o theirs
list ours >ours.txt && list theirs >theirs.txt && [ -s ours.txt ] && diff ours.txt theirs.txt
$SWOLD -q a.o b.o -o relaxed
lacks 'GOT' readelf -rW relaxed
aarch64-linux-gnu-objdump -dr relaxed >code
for type in ADR_PREL_LO21:adr; do grep -B1 "R_AARCH64_${type%:*}" code | grep -qE "	${type#*:}	"; done
$SWOLD -q --section-start=.data=0x40000000 a.o b.o -o far
aarch64-linux-gnu-objdump -dr far | grep -B1 'R_AARCH64_ADR_PREL_PG_HI21.*shared' | grep -qE '	adrp	'
aarch64-linux-gnu-objdump -dr far | grep -B1 'R_AARCH64_ADD_ABS_LO12_NC.*shared' | grep -qE '	add	'

# RISC-V: code got shorter, and records are where their instructions are.
riscv64-linux-gnu-gcc -O1 -fno-pic -c a.c b.c
$SWOLD -q a.o b.o -o ours
riscv64-linux-gnu-objdump -dr ours >code
grep -B1 'R_RISCV_JAL\|R_RISCV_RVC_JUMP' code | grep -qE '	(jal|j)	'
lacks 'R_RISCV_(CALL|CALL_PLT|RELAX|ALIGN)' readelf -rW ours
while read -r offset type symbol; do
  case $type in
    R_RISCV_JAL)
      address=$(printf %x $((0x$(section ours .text address) + offset)))
      grep -qE "^ *$address:.*<$symbol>" code || fail "$offset $type $symbol"
      ;;
  esac
done < <(list ours)
$SWOLD -q --no-relax a.o b.o -o ours && riscv64-linux-gnu-ld -q --no-relax a.o b.o -o theirs
# (Labels of compilers are not in our symbol table.)
list ours | grep -v NONE | sed 's/ \.data$/ label/' >ours.txt
list theirs | grep -vE 'RELAX|ALIGN|NONE' | sed 's/ \.LANCHOR0$/ label/' >theirs.txt
[ -s ours.txt ] && diff ours.txt theirs.txt

# i386 and ARM.
gcc -m32 -O1 -fno-pic -c a.c b.c
$SWOLD -m elf_i386 -q a.o b.o -o ours && ld -m elf_i386 -q a.o b.o -o theirs
[ "$(section ours .rel.text type)" = REL ]
list ours >ours.txt && list theirs >theirs.txt && [ -s ours.txt ] && diff ours.txt theirs.txt
gcc -m32 -O1 -fPIC -c a.c b.c
$SWOLD -m elf_i386 -q a.o b.o -o ours
shows 'R_386_GOTOFF .* shared' readelf -rW ours
arm-linux-gnueabihf-gcc -O1 -c a.c b.c
$SWOLD -q a.o b.o -o ours && arm-linux-gnueabihf-ld -q a.o b.o -o theirs
[ "$(section ours .rel.text type)" = REL ]
list ours >ours.txt && list theirs >theirs.txt && [ -s ours.txt ] && diff ours.txt theirs.txt
