#!/bin/bash
# --threads=N has N threads work, however small the program is, and the bytes stay the same.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
for i in $(seq 12); do echo "int v$i = $i; const char *f$i(void) { return \"text $i\" + (v$i & 3); }" >f$i.c; done
echo 'const char *f7(void); int main(void) { return *f7(); }' >m.c
gcc -g -c f*.c m.c

# How many threads took part at most in one pass, says --perf.
workers() { awk '$4 == "total" { print $3 }' "$1"; }

$CC f*.o m.o -o plain
$SWOLD -r f*.o -o plain.o
for n in 1 2 3 8; do
  $CC f*.o m.o -Wl,--threads=$n,--perf -o out 2>perf
  [ "$(workers perf)" = $n ] || { cat perf; fail "--threads=$n: $(workers perf) threads worked"; }
  cmp out plain
  $SWOLD -r f*.o --threads=$n --perf -o out.o 2>perf
  [ "$(workers perf)" = $n ] || { cat perf; fail "-r --threads=$n: $(workers perf) threads worked"; }
  cmp out.o plain.o
done
# Several passes share their work, those that copy among them.
[ "$(awk '$3 == 8' perf | wc -l)" -ge 3 ]
