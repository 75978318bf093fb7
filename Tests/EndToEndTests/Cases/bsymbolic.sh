#!/bin/bash
# -Bsymbolic binds all, -Bsymbolic-functions only functions.
. "$(dirname "$0")/../prelude.sh"

cat >l.c <<'END'
int v = 1;
int f(void) { return 1; }
int getv(void) { return v; }
int getf(void) { return f(); }
END
cat >m.c <<'END'
int v = 2; int f(void) { return 2; }
int getv(void); int getf(void);
int main(void) { return getv() * 10 + getf(); }
END
try() {
  $CC -shared -fPIC -O0 l.c "$@" -o libl.so
  $CC -rdynamic m.c ./libl.so -o m
  r=0; ./m || r=$?
}
try; [ $r = 22 ]
try -Wl,-Bsymbolic; [ $r = 11 ]
shows '\(SYMBOLIC\)|FLAGS.*SYMBOLIC' readelf -d libl.so
sane libl.so
try -Wl,-Bsymbolic-functions; [ $r = 21 ]
sane libl.so
try -Wl,-Bsymbolic -Wl,-Bno-symbolic; [ $r = 22 ]
