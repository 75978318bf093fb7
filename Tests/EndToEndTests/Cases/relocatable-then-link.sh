#!/bin/bash
# Two objects joined by -r link and run like the two.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
int value(void);
int main(void) { return value() != 3; }
END
cat >b.c <<'END'
static int three = 3;
static int *where = &three;
int value(void) { return *where; }
END
gcc -c a.c b.c
$CC -r a.o b.o -o ab.o
shows 'Type: *REL' readelf -h ab.o
sane ab.o
$CC ab.o -o ab
./ab
sane ab
