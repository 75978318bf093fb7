#!/bin/bash
# DT_AUDIT of the libraries becomes DT_DEPAUDIT of what is linked with them, behind --depaudit, each
# name once: the dynamic linker looks there only in the program. (GNU ld)
. "$(dirname "$0")/../prelude.sh"

for name in one two three; do
  audit="a.so:$name.so"
  echo "void $name(void) {}" | $CC -shared -fPIC -x c - -o $name.so -Wl,-soname,$name.so,--audit="$audit"
done
shows 'AUDIT\).*\[a.so:one.so\]' readelf -d one.so
echo 'void one(void), two(void); int main(void) { one(); two(); }' >m.c
gcc -c m.c
$CC m.o -o m -Wl,--as-needed ./one.so ./three.so ./two.so
shows '\(DEPAUDIT\).*\[a.so:one.so:two.so\]' readelf -d m
lacks '\(AUDIT\)' readelf -d m
$CC m.o -o m -Wl,--depaudit=z.so:one.so,--audit=own.so ./one.so ./two.so
shows '\(DEPAUDIT\).*\[z.so:one.so:a.so:two.so\]' readelf -d m
shows '\(AUDIT\).*\[own.so\]' readelf -d m
