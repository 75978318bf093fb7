#!/bin/bash
# Random C and C++ programs do the same whether swold links them or GNU ld. SWOLD_PROGRAMS makes it
# longer, SWOLD_PROGRAMS_FIRST different.
# machines: x86_64 (its generator writes for x86-64)
. "$(dirname "$0")/../prelude.sh"

python3 "$CASES/../../Robustness/differential.py" --linker-dir "$LD_DIR" \
  --first "${SWOLD_PROGRAMS_FIRST:-1}" --count "${SWOLD_PROGRAMS:-5}"
