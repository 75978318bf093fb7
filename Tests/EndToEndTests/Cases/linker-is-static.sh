#!/bin/bash
# The linker is one static program that depends on no library.
# machines: x86_64 (about the linker itself)
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
lacks 'INTERP' readelf -lW "$SWOLD"
lacks 'NEEDED' readelf -dW "$SWOLD"
