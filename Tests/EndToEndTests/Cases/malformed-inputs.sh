#!/bin/bash
# Damaged inputs of all kinds link or give an error that names a file; nothing crashes, hangs or
# harms the old output. SWOLD_MUTATE_SECONDS makes it longer, SWOLD_MUTATE_SEED different.
# machines: x86_64 (its generator writes for x86-64)
. "$(dirname "$0")/../prelude.sh"

[ -z "${SWOLD_UNDER_TEST:-}" ] || [ -n "${SWOLD_MUTATE_SECONDS:-}" ] || exit 0
mutate=$CASES/../../Robustness/mutate.py
python3 "$mutate" --linker "$SWOLD" --seed "${SWOLD_MUTATE_SEED:-0}" \
  --seconds "${SWOLD_MUTATE_SECONDS:-15}"
