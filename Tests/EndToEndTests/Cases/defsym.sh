#!/bin/bash
# --defsym makes symbols of numbers, names and expressions.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
extern char absolute[], alias[], later[];
int array[10];
int main(void) {
  char *volatile start = (char *)array;  // the compiler takes two names for two addresses
  return absolute - (char *)0x1234 || alias != start || later != start + 8;
}
END
gcc ${WHOLE_ADDRESSES:--fno-pie} -c m.c
$CC -no-pie m.o -Wl,--defsym=absolute=0x1234 -Wl,--defsym,alias=array -Wl,--defsym=later=array+8 -o m
./m
shows '0*1234 A absolute$' nm m
