#!/bin/bash
# A link whose messages nobody reads ends by itself, and leaves nothing beside the output.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
mkdir out
{ echo '.globl _start'; echo '_start:'; for i in $(seq 5000); do echo "call undefined_$i"; done; } >m.s
as m.s -o m.o
set +o pipefail
{ code=0; $SWOLD --error-limit=0 m.o -o out/m 2>&1 || code=$?; echo $code >code; } | head -n 1 | grep -q error
for i in $(seq 50); do [ -s code ] && break; sleep 0.1; done
[ "$(cat code)" = 1 ] || fail "exit code $(cat code)"
[ -z "$(ls -A out)" ]
