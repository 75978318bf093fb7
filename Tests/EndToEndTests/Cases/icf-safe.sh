#!/bin/bash
# --icf=safe keeps functions apart whose addresses a program may compare.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'EOF'
int first(int x) { return x + 70; }
int second(int x) { return x + 70; }
int called(int x) { return x + 71; }
int called2(int x) { return x + 71; }
EOF
cat >main.c <<'EOF'
int first(int), second(int), called(int), called2(int);
int (*volatile one)(int) = first, (*volatile two)(int) = second;
int main(void) {
  if (called(1) != 72 || called2(1) != 72 || one(2) != two(2)) return 2;
  return one == two;
}
EOF
# clang tells whose address counts: in main.o those of `first` and `second`, defined elsewhere.
$CLANG -O1 -ffunction-sections -c a.c main.c
same() { [ "$(address "$1" "$2")" = "$(address "$1" "$3")" ] ; }
$CLANG a.o main.o -Wl,--icf=safe -o safe
./safe
same safe called called2
if same safe first second; then fail 'functions that are compared were folded'; fi
$CLANG a.o main.o -Wl,--icf=all -o all
same all first second
code=0
./all || code=$?
[ $code = 1 ]
$CLANG a.o main.o -Wl,--icf=safe,--ignore-function-address-equality -o ignoring
same ignoring first second
$CLANG a.o main.o -Wl,--icf=safe,--keep-unique=called2 -o unique
if same unique called called2; then fail 'folded despite --keep-unique'; fi
sane safe all ignoring

# gcc does not say; what its object defines or refers to counts.
$CC -O1 -ffunction-sections -c a.c -o silent.o
$CLANG silent.o main.o -Wl,--icf=safe,--print-icf-sections -o without >list
[ ! -s list ]
./without
$CC -O1 -ffunction-sections -c main.c -o caller.o
$CLANG a.o caller.o -Wl,--icf=safe,--print-icf-sections -o without >list
[ ! -s list ]
./without

# A tool that numbers symbols anew leaves the table behind, and a link of 0 in its header.
objcopy a.o copied.o
$CLANG copied.o main.o -Wl,--icf=safe,--print-icf-sections -o outdated >list
[ ! -s list ]
./outdated
