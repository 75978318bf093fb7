#!/bin/bash
# Short options of old makefiles: -t -n -i -d -g -G, -call_shared and -non_shared.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start
_start: exit 0
END
as m.s -o m.o
shows 'm\.o' $SWOLD -t m.o -o m
$SWOLD -n -d -g -call_shared m.o -o m
./m
$SWOLD -non_shared m.o -o m
./m
$SWOLD -i m.o -o r.o
shows 'Type: *REL' readelf -h r.o
$SWOLD -G m.o -o m.so
shows 'Type: *DYN' readelf -h m.so
