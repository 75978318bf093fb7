#!/bin/bash
# Symbols of a map: expressions, provided ones, ones that the program defines too; and in a PIE they
# move with the program.
# machines: x86_64 aarch64 (sizes of 64-bit records and words)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
#include <stdio.h>
extern char table_begin[], table_end[], table_size[], after_main[], fixed[];
int main(void);
__attribute__((section("table.1"), used)) static long one[3] = {1, 2, 3};
char *moved = table_end;
int main(void) {
  printf("%d %d %d %d\n", table_end - table_begin == 24, (int)(long)table_size,
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
assert sym(fixed) == 48, "the table has three words";
END
for mode in -pie -no-pie -static-pie; do
  $CC -fPIC $mode a.c -Wl,--section-map=m.smap -o a
  ./a >out
  grep -qx '1 24 1 1' out
  shows ' ABS fixed' readelf -sW a
  sane a
done
echo 'symbol main = 5;' >>m.smap
sed -i '/^provide/d' m.smap
expect_fail $CC a.c -Wl,--section-map=m.smap -o b
says 'm.smap:9:8: error\[SM102\]: .*main.* is also defined in'
