#!/bin/bash
# --post gives the bytes of a link followed by `swold-edit apply`, also where the size changes.
. "$(dirname "$0")/../prelude.sh"
editor=$(dirname "$SWOLD")/swold-edit
[ -x "$editor" ] || { [ -n "${SWOLD_UNDER_TEST:-}" ] && skip "not swold"; fail "no $editor: run make"; }

cat >app.c <<'END'
#include <stdio.h>
extern const char __slot_ident[64];
int counter = 7;
int main(void) { printf("%d %s\n", counter, __slot_ident); return 0; }
END
gcc -c -g app.c
cat >app.smap <<'END'
smap 1;
extends default;
section .slots after .rodata {
    slot ident { size 64; align 8; fill 0; }
    slot crc { size 4; align 4; fill 0xff; }
    slot sum { size 32; align 8; fill 0xff; required; }
}
END
link() { $CC app.o -Wl,--build-id,--section-map,app.smap "$@"; }

script() { { echo 'sedit 1'; cat; } >"$1.sedit"; }
script put <<<'put slot:ident strz:"first light"'
script build-id <<'END'
put slot:ident strz:"second light"
build-id recompute
END
script digest <<'END'
digest crc-32/iso-hdlc over=sec:.rodata into=slot:crc
digest sha256 over=sec:.text into=slot:sum
seal
END
script remove <<'END'
section remove .comment
section add .extra str:hello align=16
note set TEST 7 str:note section=.note.test
END
script grow <<'END'
section add .large zero:300000 align=16
insert .inside strz:loaded where=segment
END
script strip <<<'debug strip'
script split <<'END'
put slot:ident strz:split
debug split to=app.debug link=yes compress=zlib
END
script images <<'END'
section dump .text to=text.bin
assert (size(slot:ident) == 64) "ident"
END

for kind in put build-id digest remove grow strip split images; do
  link -o two
  before=$(stat -c %s two)
  (mkdir -p beside && "$editor" apply -f $kind.sedit -i two)
  [ ! -e app.debug ] || mv app.debug two.debug
  [ ! -e text.bin ] || mv text.bin two.text
  link -o one -Wl,--post,$kind.sedit
  cmp one two
  [ ! -e app.debug ] || cmp app.debug two.debug
  [ ! -e text.bin ] || cmp text.bin two.text
  ./one >out
  echo "$kind: $before -> $(stat -c %s one)"
  case $kind in
    put) grep -x '7 first light' out ;;
    grow) [ "$(stat -c %s one)" -gt $((before + 300000)) ] ;;
    strip) [ "$(stat -c %s one)" -lt "$before" ]; has_no_section one .debug_info ;;
    split) [ -s app.debug ]; has_section one .gnu_debuglink ;;
    images) [ -s text.bin ] ;;
  esac
  sane_image one  # eu-elflint does not know the notes of the slots
done

# Several scripts are one transaction, in order.
link -o two
"$editor" apply -f put.sedit -f digest.sedit -f remove.sedit -i two
link -o one -Wl,--post=put.sedit,--post=digest.sedit,--post=remove.sedit
cmp one two
shows 'slot ident .*filled|ident.*filled' "$editor" show slots one

# The build-id is that of the link, and recomputing it on a file that nobody edited changes nothing.
link -o plain
link -o one -Wl,--post,put.sedit
[ "$(readelf -n plain | grep 'Build ID')" = "$(readelf -n one | grep 'Build ID')" ]
expect_fail "$editor" build-id recompute -i plain
says 'SE-NO-EFFECT'
link -o one -Wl,--post,build-id.sedit
[ "$(readelf -n plain | grep 'Build ID')" != "$(readelf -n one | grep 'Build ID')" ]

# A later run of the editor finds the work done.
"$editor" apply --check -f build-id.sedit one
