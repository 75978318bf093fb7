#!/bin/bash
# --icf=all and indirect functions: what they choose among is folded, and so are resolvers that choose the
# same; resolvers that choose differently are not.
# machines: -arm (the compiler makes no resolvers for it)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
int first(int x) { return x * 5 + 3; }
int second(int x) { return x * 5 + 3; }
int third(int x) { return x * 7 + 3; }
typedef int function(int);
static function *choose_one(void) { return first; }
static function *choose_two(void) { return second; }
static function *choose_three(void) { return third; }
int one(int) __attribute__((ifunc("choose_one")));
int two(int) __attribute__((ifunc("choose_two")));
int three(int) __attribute__((ifunc("choose_three")));
END
cat >m.c <<'END'
int one(int), two(int), three(int);
__attribute__((noinline)) int calls_one(int x) { return one(x) + 1; }
__attribute__((noinline)) int calls_two(int x) { return two(x) + 1; }
int (*volatile pointers[])(int) = {one, two, three};
int main(void) {
  int sum = calls_one(1) + calls_two(2) + three(3);
  for (int i = 0; i < 3; i++) sum += pointers[i](i);
  return sum - 9 - 14 - 24 - 3 - 8 - 17;
}
END
for kind in -static '-no-pie' '-pie -fPIE'; do
  $CC -O1 -fno-inline -ffunction-sections ${kind#-static} -c a.c m.c 2>/dev/null ||
    $CC -O1 -fno-inline -ffunction-sections -c a.c m.c
  $CC $kind a.o m.o -Wl,--icf=all -o m
  ./m
  [ "$(address m first)" = "$(address m second)" ]
  [ "$(address m third)" != "$(address m first)" ]
  [ "$(address m choose_three)" != "$(address m choose_one)" ]
  sane m
done
