#!/bin/bash
# meson recognises the linker and builds with it.
. "$(dirname "$0")/../prelude.sh"

cat >meson.build <<'END'
project('small', 'c', default_options: ['b_lundef=true', 'b_asneeded=true'])
lib = shared_library('part', 'part.c', version: '1.2.3')
executable('main', 'main.c', link_with: lib, link_args: ['-Wl,-z,now'])
cc = meson.get_compiler('c')
assert(cc.has_link_argument('-Wl,--gc-sections'))
assert(not cc.has_link_argument('-Wl,--surely-not-an-option'))
END
echo 'int part(void) { return 7; }' >part.c
echo 'int part(void); int main(void) { return part() - 7; }' >main.c
LDFLAGS=-B$LD_DIR meson setup b >log 2>&1 || { cat log >&2; fail setup; }
ninja -C b >log 2>&1 || { cat log >&2; fail build; }
b/main
linked_by_swold b/main b/libpart.so.1.2.3
