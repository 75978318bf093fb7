#!/bin/bash
# The usual flags of distributions together.
# machines: x86_64 (Control-flow Enforcement of x86)
. "$(dirname "$0")/../prelude.sh"

echo '#include <stdio.h>
int main(void) { puts("packed"); return 0; }' >m.c
both gcc -O2 -fPIE -pie -fcf-protection -D_FORTIFY_SOURCE=2 m.c -Wl,-O1 -Wl,--sort-common \
  -Wl,--as-needed -Wl,-z,relro -Wl,-z,now -Wl,-z,pack-relative-relocs -Wl,-z,noexecstack \
  -Wl,--build-id=sha1 -Wl,--hash-style=gnu -Wl,--defsym=__gentoo_check_ldflags__=0
