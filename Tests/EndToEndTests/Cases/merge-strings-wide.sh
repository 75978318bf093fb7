#!/bin/bash
# Strings of 16-bit and 32-bit characters merge by characters.
. "$(dirname "$0")/../prelude.sh"

cat >a.c <<'END'
#include <uchar.h>
#include <wchar.h>
const char16_t *a16(void) { return u"wide one"; }
const wchar_t *a32(void) { return L"wide two"; }
END
cat >m.c <<'END'
#include <uchar.h>
#include <wchar.h>
const char16_t *a16(void);
const wchar_t *a32(void);
int main(void) {
  const char16_t *x = a16(), *y = u"wide one", *z = u"\x0100\x0001";
  for (int i = 0; i < 9; i++) if (x[i] != y[i]) return 1;
  if (z[0] != 0x100 || z[1] != 1 || z[2]) return 2;
  return wcscmp(a32(), L"wide two") != 0;
}
END
$CC -O1 a.c m.c -o m
./m
[ "$(grep -ac 'w.i.d.e. .o.n.e' m)" = 1 ]
[ "$(python3 -c 'print(open("m","rb").read().count("wide one".encode("utf-16-le")))')" = 1 ]
[ "$(python3 -c 'print(open("m","rb").read().count("wide two".encode("utf-32-le")))')" = 1 ]
sane m
