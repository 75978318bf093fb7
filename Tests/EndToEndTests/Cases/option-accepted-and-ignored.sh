#!/bin/bash
# Options of the drivers and of old makefiles that change nothing.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
$CC m.o -Wl,--no-add-needed -Wl,--no-copy-dt-needed-entries -Wl,--no-keep-memory -Wl,-O1 \
  -Wl,--sort-common -Wl,-EL -Wl,-z,combreloc -Wl,--warn-constructors -Wl,-nostdlib \
  -Wl,-rpath-link,/nowhere -Wl,--no-warn-mismatch -o m 2>err
./m
