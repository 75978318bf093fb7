#!/bin/bash
# In a static PIE the loader code finds IRELATIVE by DT_RELA alone.
# machines: -riscv64 -arm (the C library has no rcrt1.o for static PIEs)
. "$(dirname "$0")/../prelude.sh"

cat >i.c <<'END'
static int zero(void) { return 0; }
static void *choose(void) { return (void *)zero; }
int f(void) __attribute__((ifunc("choose")));
int main(void) { return f(); }
END
$CC -fPIE -static-pie i.c -o m
./m
shows IRELATIV readelf -rW m
lo=$(address m __rela_iplt_start || echo 0); hi=$(address m __rela_iplt_end || echo 0)
[ "$lo" = "$hi" ]
