#!/bin/bash
# A link that was prepared notices every change of what it reads, and every file that it did not find and would
# find now; output and messages are those of a link that nobody has prepared.
. "$(dirname "$0")/../prelude.sh"

shows '^40 rounds: ' python3 "$TESTS/../Robustness/preload_rounds.py" --linker "$SWOLD" --rounds 40 --seed 7
