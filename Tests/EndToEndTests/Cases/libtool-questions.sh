#!/bin/bash
# The line of -v passes libtool's tests for a modern GNU linker.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
line=$($SWOLD -v 2>&1 </dev/null)
# The patterns of libtool.m4 for linkers that are too old for -export-symbols and version scripts.
case $line in
  *\ [01].* | *\ 2.[0-9].* | *\ 2.10.*) fail "an ancient linker: $line" ;;
esac
case $line in *GNU* | *'with BFD'*) ;; *) fail "no GNU linker: $line" ;; esac
