#!/bin/bash
# Symbols with an unknown binding, global ones among the local ones and the reverse, in objects and
# libraries: errors that name the symbol. lld refuses all of them, GNU ld the local ones.
# machines: x86_64 aarch64 riscv64 (damages records of 64-bit files)
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
cat >m.s <<'END'
.globl _start, g
_start: load_address here
here: ret
g: ret
END
as --keep-locals m.s -o m.o
locals=$(section m.o .symtab info)
refuse() {
  python3 "$CASES/patch-elf.py" m.o bad.o "$1"
  for options in "" -r -shared; do
    expect_fail $SWOLD $options bad.o -o out
    says "bad\.o: .*$2"
  done
}
for binding in 3 5 9 11 13 15; do
  refuse ".symtab[g]:info=$((binding * 16 + 2))" "symbol [0-9]+ \(g\) has the unknown binding $binding"
done
refuse '.symtab[here]:info=0x50' 'symbol [0-9]+ \(here\) has the unknown binding 5'
refuse '.symtab[here]:info=0x10' 'symbol [0-9]+ \(here\) is global and among the local symbols'
refuse '.symtab[here]:section=0xfff2' 'symbol [0-9]+ \(here\) is local and common'
refuse '.symtab[g]:info=2' 'symbol [0-9]+ \(g\) is local and not among the local symbols'
refuse .symtab:info=$((locals + 1)) 'is global and among the local symbols'
refuse .symtab:info=$((locals - 1)) 'symbol [0-9]+ \([a-z]*\) is local and not among'
refuse .symtab:info=99 '99 of its [0-9]+ symbols are local'
refuse .symtab:info=0 'none of its symbols is local'
refuse .symtab:link=.text 'string table of the symbol table is missing'

# The same in a library; there an unknown binding is taken for global, as all linkers do.
gcc -shared -nostdlib m.o -o lib.so
echo 'int g(void); int main(void) { return g(); }' | gcc -x c -c - -o main.o
library() {
  python3 "$CASES/patch-elf.py" lib.so bad.so "$1"
  expect_fail $SWOLD main.o bad.so -e main -o out
  says "bad\.so: .*$2"
}
library '.dynsym[g]:info=2' 'symbol [0-9]+ \(g\) is local'
library .dynsym:info=0 'none of its symbols is local'
library .dynsym:link=.text 'string table'
python3 "$CASES/patch-elf.py" lib.so odd.so '.dynsym[g]:info=0x52'
$SWOLD main.o odd.so -e main -o out
