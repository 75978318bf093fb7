#!/bin/bash
# A section that the map does not name follows the last one of its kind: a constructor table's twin
# into the part that becomes read-only, other data behind it.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'E'
#include <stdio.h>
int target = 4;
__attribute__((section(".data.rel.ro.mine"))) int *const pointer = &target;
__attribute__((section("my_table"))) int *table[] = {&target};
int main(void) { return printf("%d\n", *pointer + *table[0]) < 0; }
E
$CC -fPIE -O0 m.c -o m
[ "$(./m)" = 8 ]
relro=$(readelf -lW m | awk '$1 == "GNU_RELRO" { print $3, $6 }')
within() {
  local address=$((0x$(nm m | awk -v n="$1" '$3 == n { print $1 }')))
  local start=$((${relro% *})) size=$((${relro#* }))
  [ $address -ge $start ] && [ $address -lt $((start + size)) ]
}
within pointer
! within table
# Writing to the first must fail, to the second not.
cat >w.c <<'E'
extern int *table[]; extern int *const pointer;
int main(int n, char **v) { if (n > 1) *(int **)&pointer = 0; table[0] = 0; return 3; }
E
sed '/^int main/d' m.c >d.c
$CC -fPIE -O0 w.c d.c -o w
code=0; ./w || code=$?
[ $code = 3 ]
code=0; ./w write 2>/dev/null || code=$?
[ $code = 139 ]
sane m w
