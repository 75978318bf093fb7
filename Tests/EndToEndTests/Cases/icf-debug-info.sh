#!/bin/bash
# A debugger finds functions that were folded, by name and by line, and describes the code once.
# machines: x86_64 i386 (gdb runs the program)
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'EOF'
int first(int x) {
  return x * 2 + 40;
}
EOF
cat >b.c <<'EOF'
int first(int);

int second(int x) {
  return x * 2 + 40;
}
int main(void) {
  return first(1) + second(2) - 86;
}
EOF
for compiler in "$CC" "$CLANG"; do
  for version in 4 5; do
    $compiler -O1 -fno-inline -g -gdwarf-$version -ffunction-sections a.c b.c -Wl,--icf=all -o prog
    ./prog
    [ "$(address prog first)" = "$(address prog second)" ]
    for place in first second b.c:4; do
      gdb -batch -nx -ex "break $place" -ex run -ex backtrace prog >log 2>&1
      grep -qE '^#0 +(0x[0-9a-f]+ in )?(first|second) \(' log
      grep -qE '^#1 .* main \(\) at (\./)?b.c:7' log
    done
    # One of the two descriptions has an address.
    llvm-dwarfdump-19 --name=first --name=second prog |
      awk '/DW_TAG_/ { isFunction = /subprogram/ } isFunction && /DW_AT_low_pc/' >both
    [ "$(wc -l <both)" = 2 ]
    [ "$(grep -cE '\(0x0+\)' both)" = 1 ]
    sane prog
    for part in info line ranges aranges; do
      eu-readelf --debug-dump=$part prog >/dev/null 2>err
      [ ! -s err ]
    done
  done
done
