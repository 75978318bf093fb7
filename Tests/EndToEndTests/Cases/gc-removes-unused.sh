#!/bin/bash
# --gc-sections drops what main does not reach; --print-gc-sections names it.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
void inner(void) {}
void dead(void) { inner(); }
int unused_data[100] = {1};
int main(void) { return 0; }
END
$CC -ffunction-sections -fdata-sections m.c -Wl,--gc-sections,--print-gc-sections -o m >gc.out 2>&1
./m
grep -q 'text\.dead' gc.out
grep -q 'text\.inner' gc.out
grep -q 'unused_data' gc.out
lacks ' (dead|inner|unused_data)$' nm m
sane m
