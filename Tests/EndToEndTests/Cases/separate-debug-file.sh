#!/bin/bash
# --separate-debug-file: debug information is in a file beside the output, and gdb finds it by the link and
# its sum; the output is smaller and runs.
# machines: x86_64 (runs gdb)
. "$(dirname "$0")/../prelude.sh"

printf '#include <stdio.h>\nstatic int twice(int x) {\n  return x + x;\n}\nint main(void) {\n  printf("%%d\\n", twice(4));\n  return 0;\n}\nasm(".section .mine\\nmine: .quad 1\\n.text");\n' >m.c
gcc -g -O0 -c m.c
for more in '' -Wl,--compress-debug-sections=zlib -static; do
  $CC m.o $more -Wl,--build-id -o whole
  $CC m.o $more -Wl,--build-id,--separate-debug-file -o main
  [ "$(./main)" = 8 ]
  lacks '\.debug_' readelf -SW main
  has_section main .gnu_debuglink
  has_section main .symtab
  [ "$(stat -c %s main)" -lt "$(stat -c %s whole)" ]
  shows 'main\.dbg' readelf --string-dump=.gnu_debuglink main
  [ "$(contents main .text)" = "$(contents whole .text)" ]
  [ "$(contents main.dbg .debug_info)" = "$(contents whole .debug_info)" ]
  [ "$(section main.dbg .text address)" = "$(section main .text address)" ]
  [ "$(section main.dbg .text type)" = NOBITS ]
  diff <(readelf -n main | grep 'Build ID') <(readelf -n main.dbg | grep 'Build ID')
  diff <(nm main) <(nm whole)
  gdb -batch -ex 'break twice' -ex run -ex bt main >out 2>&1
  grep -q 'twice (x=4) at m.c:3' out
  mv main.dbg away && gdb -batch -ex 'info line main' main >out 2>&1
  lacks 'm\.c' cat out
  cp away main.dbg && printf x >>main.dbg && gdb -batch -ex 'info line main' main >out 2>&1
  grep -q 'CRC mismatch' out
done
$CC m.o -Wl,--separate-debug-file=other.debug -o main
shows 'other\.debug' readelf --string-dump=.gnu_debuglink main
shows 'main' llvm-dwarfdump-19 --name=main other.debug
sane_image main
$CC m.o -Wl,--separate-debug-file,--no-separate-debug-file -o main
has_section main .debug_info
expect_fail $CC m.o -Wl,--separate-debug-file,-q -o no
expect_fail $CC m.o -Wl,--separate-debug-file=/nowhere/x -o no
says 'cannot write /nowhere/x'
[ ! -e no ]
