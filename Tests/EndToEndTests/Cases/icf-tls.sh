#!/bin/bash
# --icf=all and thread-local variables: functions that are for the same variable are folded, those for others
# and the variables themselves are not, in every model.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
__thread int one = 1, two = 2;
static __thread int local;
int get_one(void) { return one; }
int get_two(void) { return two; }
int *at_local(void) { return &local; }
END
cat >b.c <<'END'
extern __thread int one;
int get_other(void) { return one; }
static __thread int local = 5;
int *at_local_here(void) { return &local; }
END
cat >m.c <<'END'
int get_one(void), get_two(void), get_other(void), *at_local(void), *at_local_here(void);
int main(void) {
  *at_local() = 4;
  return get_one() + get_two() + get_other() + *at_local() + *at_local_here() - 13;
}
END
for dialect in $TLS_DIALECTS; do
  $CC -O1 -fPIC $dialect -ffunction-sections -c a.c b.c
  $CC -shared -Wl,--icf=all -Wl,-Bsymbolic a.o b.o -o liba.so
  $CC m.c ./liba.so -o library
  ./library
  for kind in -no-pie -pie -static; do
    $CC $kind -O1 m.c a.o b.o -Wl,--icf=all -o m
    ./m
    [ "$(address m get_other)" = "$(address m get_one)" ]
    [ "$(address m get_two)" != "$(address m get_one)" ]
    [ "$(address m at_local)" != "$(address m at_local_here)" ]
    sane m
  done
done
