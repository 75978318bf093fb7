#!/bin/bash
# Functions of a library that others may look up: --icf=safe keeps them apart, =all gives both names one address.
. "$(dirname "$0")/../prelude.sh"

cat >lib.c <<'EOF'
int one(int x) { return x * 3 + 1; }
int two(int x) { return x * 3 + 1; }
__attribute__((visibility("hidden"))) int three(int x) { return x * 5; }
__attribute__((visibility("hidden"))) int four(int x) { return x * 5; }
int sum(int x) { return one(x) + two(x) + three(x) + four(x); }
EOF
cat >main.c <<'EOF'
int one(int), two(int), sum(int);
int main(void) { return one(1) + two(1) + sum(1) != 8 + 18; }
EOF
$CLANG -O1 -fPIC -fno-inline -ffunction-sections -c lib.c
$CLANG -shared lib.o -Wl,--icf=safe -o libsafe.so
$CLANG -shared lib.o -Wl,--icf=all -o liball.so
$CLANG -shared lib.o -Wl,--icf=all,-Bsymbolic -o libsymbolic.so
same() { [ "$(address "$1" "$2")" = "$(address "$1" "$3")" ] ; }
if same libsafe.so one two; then fail 'exported functions were folded'; fi
same libsafe.so three four
for library in all symbolic; do
  same lib$library.so one two
  same lib$library.so three four
  [ "$(count ' FUNC +GLOBAL +DEFAULT +[0-9]+ (one|two)$' readelf --dyn-syms -W lib$library.so)" = 2 ]
done
for library in safe all symbolic; do
  $CC main.c -L. -l$library -Wl,-rpath,. -o main
  ./main
  sane main lib$library.so
done
