#!/bin/bash
# __start_ and __stop_ enclose the sections of all files, in command line order.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
__attribute__((section("mine"))) int a = 1;
END
cat >b.c <<'END'
__attribute__((section("mine"))) int b = 2;
extern int __start_mine[], __stop_mine[];
int main(void) {
  return __stop_mine - __start_mine != 2 || __start_mine[0] != 1 || __start_mine[1] != 2;
}
END
for kind in -pie -static; do
  $CC $kind a.c b.c -o m
  ./m
done
sane m
