#!/bin/bash
# Local symbols come before global ones, of each file behind its name.
. "$(dirname "$0")/../prelude.sh"

echo 'static int a_local; int *a(void) { return &a_local; }' >a.c
echo 'static int b_local; int *a(void); int main(void) { return *a() + b_local; }' >b.c
gcc -c a.c b.c
$CC a.o b.o -o m
./m
shows 'LOCAL +DEFAULT +ABS a.c$' readelf -sW m
shows 'OBJECT +LOCAL .* a_local$' readelf -sW m
first=$(readelf -SW m | sed -n 's/^ *\[ *[0-9]*\] //p' | awk '$1 == ".symtab" { print $(NF-1) }')
readelf -sW m | sed -n '/\.symtab/,$p' | awk -v f="$first" '
  $1 ~ /^[0-9]+:$/ { n = $1 + 0; bad += ($5 == "LOCAL") != (n < f); seen++ } END { exit bad || !seen }'
sane m
