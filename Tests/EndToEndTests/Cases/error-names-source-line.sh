#!/bin/bash
# What is wrong with a relocation is said with the line of the source and the function, where debug
# information knows them.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
int data;
int *address(void) {
  return &data;
}
END
gcc -g -fno-pic -c a.c
expect_fail $CC -shared -Wl,-z,text a.o -o liba.so
[ $MACHINE = i386 ] ||
  says "a\.o:\(\.text\)\+0x[0-9a-f]+: relocation $R[A-Z0-9_]+ against data cannot be used .*-fPIC"
says '>>> referenced by a\.c:3 .*in address'

cat >far.c <<'END'
extern char far[];
char *start(void) {
  return far;
}
END
gcc -g -fno-pic -c far.c
[ $BITS = 32 ] || {
  expect_fail $SWOLD -e start far.o --defsym=far=0x123456789ab -o m
  says '>>> referenced by far\.c:3 far\.o:\(\.text\+0x[0-9a-f]+\) in start'
}

[ -z "$WHOLE_ADDRESSES" ] || {
  gcc -g $WHOLE_ADDRESSES -c a.c -o large.o
  expect_fail $CC -shared -Wl,-z,text large.o -o liba.so
  says '>>> referenced by a\.c:[34] '
}
# Without debug information the function is what can be told.
gcc -fno-pic -c a.c
expect_fail $CC -shared -Wl,-z,text a.o -o liba.so
says '>>> referenced by a\.o:\(\.text\+0x[0-9a-f]+\) in address'
