#!/bin/bash
# --symbol-ordering-file, --section-ordering-file, --shuffle-sections and --reverse-sections: the order of
# functions and data in the output, the same as lld's where it has the option; the program still runs.
. "$(dirname "$0")/../prelude.sh"

cat >main.c <<'END'
int a(void) { return 1; }
int b(void) { return 2; }
static __attribute__((noinline)) int c(void) { return 4; }
int d(void) { return 8 + c(); }
int v1 = 1, v2 = 2, v3 = 3;
static int order;
__attribute__((constructor(200))) static void second(void) { order = order * 10 + 2; }
__attribute__((constructor(100))) static void first(void) { order = order * 10 + 1; }
int main(void) { return a() + b() + d() + v1 + v2 + v3 + order - 33; }
END
gcc -O1 -fno-inline -fno-toplevel-reorder -ffunction-sections -fdata-sections -c main.c
# order FILE NAME… : the names by their addresses.
order() { local file=$1; shift; for n; do echo "$(address "$file" $n) $n"; done | sort | cut -d' ' -f2 | tr '\n' ' '; }
functions="a b c d main"

printf 'd\n# a remark\nmain.o:c\nmain\nv3\nnothing\n' >symbols
$CC main.o -Wl,--symbol-ordering-file=symbols -o by-symbol 2>err
./by-symbol
test "$(order by-symbol $functions)" = "d c main a b "
test "$(order by-symbol v1 v2 v3)" = "v3 v1 v2 "
test "$(grep -c 'no object defines the symbol' err)" = 1
grep 'warning: symbols: no object defines the symbol nothing' err
$CC main.o -Wl,--symbol-ordering-file=symbols,--no-warn-symbol-ordering -o quiet 2>err
test ! -s err

printf '.text.main\n.text.[cd]\n.data.v2\n' >sections
$CC main.o -Wl,--section-ordering-file=sections -o by-section
./by-section
test "$(order by-section $functions)" = "main c d a b "
test "$(order by-section v1 v2 v3)" = "v2 v1 v3 "

$CC main.o -o plain
$CC main.o -Wl,--reverse-sections -o reversed
./reversed
test "$(order plain $functions)" = "a b c d main "
test "$(order reversed $functions)" = "main d c b a "
$CC main.o -Wl,--shuffle-sections='.data*=-1' -o data-reversed
test "$(order data-reversed $functions)" = "a b c d main "
test "$(order data-reversed v1 v2 v3)" = "v3 v2 v1 "

for seed in 1 2 3 4 5; do
  $CC main.o -Wl,--shuffle-sections=$seed -o shuffled-$seed
  $CC main.o -Wl,--shuffle-sections=$seed,--threads=4 -o again
  cmp shuffled-$seed again
  ./shuffled-$seed
  order shuffled-$seed $functions; echo
done >orders
test "$(sort -u orders | grep -c a)" -ge 2
$CC main.o -Wl,--shuffle-sections -o random
./random

expect_fail $CC main.o -Wl,--symbol-ordering-file=missing -o x
says 'missing'
echo 'smap 1; extends default;' >m.smap
expect_fail $CC main.o -Wl,--reverse-sections,--section-map=m.smap -o x
says '--reverse-sections and --section-map may not be used together'
