#!/bin/bash
# A likely spelling is offered.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
echo 'int compute_total(void) { return 0; }' >f.c
echo 'int compute_totla(void); int main(void) { return compute_totla(); }' >m.c
gcc -c f.c m.c
expect_fail $CC m.o f.o -o m
says 'compute_totla'
says 'compute_total'
