#!/bin/bash
# _DYNAMIC and _GLOBAL_OFFSET_TABLE_ point to what they name.
# machines: x86_64 aarch64 riscv64 (sizes of 64-bit records and words)
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <elf.h>
extern Elf64_Dyn _DYNAMIC[];
extern void *_GLOBAL_OFFSET_TABLE_[];
int main(void) {
  int tags = 0;
  for (Elf64_Dyn *d = _DYNAMIC; d->d_tag; d++) tags |= d->d_tag == DT_DEBUG;
  return !tags || !_GLOBAL_OFFSET_TABLE_;
}
END
for kind in '-fPIE -pie' '-fno-pie -no-pie'; do
  $CC $kind m.c -o m
  ./m
  [ "$(address m _DYNAMIC)" = "$(section m .dynamic address)" ]
done
cat >s.c <<'END'
__attribute__((weak)) extern char _DYNAMIC[];
int main(void) { return _DYNAMIC != 0; }
END
$CC -fno-pie -static s.c -o s
./s
