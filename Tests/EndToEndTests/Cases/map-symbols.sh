#!/bin/bash
# Symbols of a map: expressions, provided ones, ones that the program defines too; and in a PIE they
# move with the program.
# machines: -arm (the odd address of a Thumb function)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
#include <stdio.h>
extern char table_begin[], table_end[], table_size[], after_main[], fixed[];
int main(void);
__attribute__((section("table.1"), used)) static long one[3] = {1, 2, 3};
char *moved = table_end;
int main(void) {
  printf("%d %d %d %d\n", table_end - table_begin == 3 * sizeof(long), (int)(long)table_size,
         after_main == (char *)main + 1, moved == table_end);
  return 0;
}
END
cat >m.smap <<'END'
smap 1;
extends default;
section table after .data {
    take table.*; start table_begin; end table_end; length table_size;
}
symbol after_main = sym(main) + 1;
symbol fixed = size(table) * 2;
provide symbol main = 5;
END
echo "assert sym(fixed) == $((6 * BITS / 8)), \"the table has three words\";" >>m.smap
for mode in -pie -no-pie -static-pie; do
  supports $mode || continue
  $CC -fPIC $mode a.c -Wl,--section-map=m.smap -o a
  ./a >out
  grep -qx "1 $((3 * BITS / 8)) 1 1" out
  shows ' ABS fixed' readelf -sW a
  sane a
done
echo 'symbol main = 5;' >>m.smap
sed -i '/^provide/d' m.smap
expect_fail $CC a.c -Wl,--section-map=m.smap -o b
says 'm.smap:9:8: error\[SM102\]: .*main.* is also defined in'
