#!/bin/bash
# Pieces of .init and .fini stand in the order of the files, whatever --sort-section says: crti.o has
# the beginning of the function, crtn.o its end. What fills the space between them is no-ops.
# machines: x86_64 i386 (bytes of code in .init)
. "$(dirname "$0")/../prelude.sh"

piece() { printf '.section .init,"ax"\n.p2align %d\n.byte 0x%s1\n.section .fini,"ax"\n.p2align %d\n.byte 0x%s2\n' $2 $1 $2 $1 | as -o $1.o; }
piece a 0
piece d 2
piece b 4
piece c 0
# pieces FILE SECTION : without the no-ops, which GNU ld makes as long as it can.
pieces() { contents $1 $2 | grep -oE '[abcd][12]' | tr -d '\n'; }
ar rcs lib.a d.o b.o
for options in "" --sort-section=name --sort-section=alignment; do
  for files in "a.o d.o b.o c.o" "c.o b.o a.o" "a.o --whole-archive lib.a --no-whole-archive c.o"; do
    $SWOLD -e 0 $options $files -o out
    ld.bfd -e 0 $options $files -o reference
    for section in .init .fini; do
      [ "$(contents out $section | sed 's/90//g')" = "$(pieces reference $section)" ]
    done
  done
done
