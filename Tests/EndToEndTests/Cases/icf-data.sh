#!/bin/bash
# Read-only data are folded if nobody may compare their addresses, or if --ignore-data-address-equality
# says that it does not matter. What functions refer to is compared by where it ends up.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'EOF'
extern const int tableA[4], tableB[4], tableC[4];
const int tableA[4] = {1, 2, 3, 4};
const int tableB[4] = {1, 2, 3, 4};
const int tableC[4] = {1, 2, 3, 5};
int writtenA[4] = {1, 2, 3, 4};
int writtenB[4] = {1, 2, 3, 4};
int zeroA[4], zeroB[4];
const char *stringA(void) { return "a string"; }
const char *stringB(void) { return "a string"; }
const char *stringC(void) { return "b string"; }
const char *tailA(void) { return &"a string"[2]; }
const char *tailB(void) { return &"a string"[2]; }
int loadA(int i) { return tableA[i]; }
int loadB(int i) { return tableB[i]; }
int loadC(int i) { return tableC[i]; }
void storeA(int i) { writtenA[i] = 0; }
void storeB(int i) { writtenB[i] = 0; }
EOF
cat >main.c <<'EOF'
int loadA(int), loadB(int), loadC(int);
extern const int tableA[4], tableB[4], tableC[4];
const int *volatile pa, *volatile pb;
int main(void) {
  pa = tableA, pb = tableB;
  if (loadA(3) != 4 || loadB(3) != 4 || loadC(3) != 5) return 2;
  return pa == pb;
}
EOF
same() { [ "$(address "$1" "$2")" = "$(address "$1" "$3")" ] ; }
for compiler in "$CC" "$CLANG"; do
  $compiler -O1 -fPIC -ffunction-sections -fdata-sections -c a.c main.c
  $compiler a.o main.o -Wl,--icf=all -o all
  ./all
  same all stringA stringB
  same all tailA tailB
  for pair in 'stringA stringC' 'tailA stringA' 'tableA tableB' 'loadA loadB' 'loadA loadC' \
    'storeA storeB' 'writtenA writtenB' 'zeroA zeroB'; do
    if same all $pair; then fail "folded: $pair"; fi
  done
  $compiler a.o main.o -Wl,--icf=all,--ignore-data-address-equality -o data
  code=0
  ./data || code=$?
  [ $code = 1 ]
  same data tableA tableB
  same data loadA loadB
  for pair in 'tableA tableC' 'loadA loadC' 'writtenA writtenB' 'zeroA zeroB' 'storeA storeB'; do
    if same data $pair; then fail "folded: $pair"; fi
  done
  sane all data
done

# Without main.o nobody takes the addresses, and clang's table says so.
$CLANG -O1 -ffunction-sections -fdata-sections -c a.c
echo 'int loadA(int), loadB(int); int main(void) { return loadA(1) - loadB(1); }' >calm.c
$CLANG -O1 -c calm.c  # without -O it says that the address of whatever is called counts
for mode in all safe; do
  $CLANG a.o calm.o -Wl,--icf=$mode -o calm
  ./calm
  same calm tableA tableB
  same calm loadA loadB
done
