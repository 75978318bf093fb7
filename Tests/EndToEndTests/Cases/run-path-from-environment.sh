#!/bin/bash
# LD_RUN_PATH is the run path of a link that names none: as GNU ld.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c && gcc -c m.c
LD_RUN_PATH=/from/there:/and/there $CC m.o -o m
shows 'RUNPATH.*\[/from/there:/and/there\]' readelf -d m
LD_RUN_PATH=/from/there $CC m.o -Wl,-rpath,/named -o m
shows 'RUNPATH.*\[/named\]' readelf -d m
LD_RUN_PATH= $CC m.o -o m
lacks RUNPATH readelf -d m
