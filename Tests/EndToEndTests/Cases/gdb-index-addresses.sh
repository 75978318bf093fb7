#!/bin/bash
# The address area of .gdb_index has the final addresses of live code, and nothing of what was left out.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
int used(int a) { return a * 3 + 1; }
int dead(int a) { return a * 5 + 1; }
__attribute__((section(".text.far"))) int far(int a) { return used(a) + 2; }
END
cat >b.c <<'END'
int far(int);
int same(int a) { return a * 3 + 1; }
int main(void) { return far(1) + same(1) - 10; }
END
# ranges FILE: address, end and number of the unit, as hexadecimal digits.
ranges() {
  readelf --debug-dump=gdb_index "$1" 2>/dev/null |
    awk '/^Address table/ { on = 1; next } /^Symbol table/ { on = 0 } on && NF == 3 { print $1, $2, $3 }'
}
for version in 4 5; do
  for compiler in "$CC" "$CLANG"; do
    $compiler -O1 -fno-inline -g -gdwarf-$version -ffunction-sections a.c b.c -Wl,--gdb-index -Wl,--gc-sections -o m
    ./m
    ranges m >found
    for name in used far same main; do
      start=$(address m $name)
      size=$(nm -S m | awk -v n=$name '$4 == n { print $2 }')
      end=$(printf %016x $((0x$start + 0x$size)))
      grep -iq "^$start $end " found || fail "no range from $start to $end, where $name is"
    done
    nm m >names
    if grep -q ' dead$' names; then fail "dead is there"; fi
    [ "$(wc -l <found)" = 4 ]
    # No range is empty, or begins at 0.
    awk '$1 == $2 || $1 ~ /^0*$/ { exit 1 }' found
    # Code that was folded has one description.
    $compiler -O1 -fno-inline -g -gdwarf-$version -ffunction-sections a.c b.c -Wl,--gdb-index -Wl,--gc-sections \
      -Wl,--icf=all -o folded
    ./folded
    [ "$(address folded used)" = "$(address folded same)" ]
    [ "$(ranges folded | wc -l)" = 3 ]
    # Without -ffunction-sections a unit has one range, which ends where its code does.
    $compiler -g -gdwarf-$version b.c a.c -Wl,--gdb-index -o whole
    ranges whole >found
    [ "$(awk '{ print $3 }' found | sort -u | paste -sd' ')" = "0 1" ]
    grep -iq "^$(address whole same) " found
  done
done
