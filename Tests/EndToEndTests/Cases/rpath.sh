#!/bin/bash
# -rpath folders are joined into DT_RUNPATH, or DT_RPATH with --disable-new-dtags.
. "$(dirname "$0")/../prelude.sh"

echo 'int main(void) { return 0; }' >m.c
$CC m.c -Wl,-rpath,/one -Wl,-rpath,/two -o m
shows 'RUNPATH.*\[/one:/two\]' readelf -d m
$CC m.c -Wl,-rpath,'$ORIGIN/lib' -Wl,--disable-new-dtags -o m2
shows '\(RPATH\).*\[\$ORIGIN/lib\]' readelf -d m2
lacks 'RUNPATH' readelf -d m2
