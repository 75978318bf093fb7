#!/bin/bash
# _DYNAMIC and _GLOBAL_OFFSET_TABLE_ point to what they name.
. "$(dirname "$0")/../prelude.sh"

cat >m.c <<'END'
#include <link.h>
extern ElfW(Dyn) _DYNAMIC[];
extern void *_GLOBAL_OFFSET_TABLE_[];
int main(void) {
  int tags = 0;
  for (ElfW(Dyn) *d = _DYNAMIC; d->d_tag; d++) tags |= d->d_tag == DT_DEBUG;
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
