#!/bin/bash
# A response file that names itself is an error, not a hang.
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || exit 0
echo '@loop' >loop
expect_fail timeout 20 $SWOLD @loop
says 'loop'
