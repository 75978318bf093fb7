#!/bin/bash
# -z nodelete, initfirst, interpose, origin, nodlopen, nodump, nodefaultlib in DT_FLAGS_1.
. "$(dirname "$0")/../prelude.sh"

echo 'int f(void) { return 0; }' >l.c
for pair in nodelete:NODELETE initfirst:INITFIRST interpose:INTERPOSE origin:ORIGIN nodlopen:NOOPEN \
  nodump:NODUMP nodefaultlib:NODEFLIB; do
  $CC -shared -fPIC l.c -Wl,-z,${pair%:*} -o l.so
  shows "FLAGS_1.*${pair#*:}" readelf -d l.so
  sane l.so
done
$CC -shared -fPIC l.c -Wl,-z,origin -o l.so
shows '\(FLAGS\).*ORIGIN' readelf -d l.so
