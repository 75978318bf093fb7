#!/bin/bash
# A file without read permission is named.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
gcc -c m.c
chmod 000 m.o
# root may read everything, so root becomes somebody else.
cp -L "$SWOLD" ld
chmod 755 . ld
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
expect_fail ${as[@]+"${as[@]}"} ./ld m.o -o /dev/null
says 'm\.o'
says '[Pp]ermission denied'
