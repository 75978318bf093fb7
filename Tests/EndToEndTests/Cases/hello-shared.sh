#!/bin/bash
# A shared object has a soname, exports its functions and has no interpreter.
. "$(dirname "$0")/../prelude.sh"

cat >lib.c <<'END'
int counter = 1;
int next(void) { return ++counter; }
END
$CC -shared -fPIC -Wl,-soname,libnext.so.1 lib.c -o libnext.so
cat >m.c <<'END'
int next(void);
int main(void) { next(); return next() != 3; }
END
ln -s libnext.so libnext.so.1
$CC m.c -L. -lnext -Wl,-rpath,"$PWD" -o m
./m
sane libnext.so m
shows 'SONAME.*libnext.so.1' readelf -d libnext.so
shows 'NEEDED.*libnext.so.1' readelf -d m
lacks INTERP readelf -lW libnext.so
