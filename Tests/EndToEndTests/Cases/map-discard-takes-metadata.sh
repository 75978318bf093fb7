#!/bin/bash
# What belongs to a section that the map discards (SHF_LINK_ORDER) goes with it, and so does what
# belongs to that; nothing is left to refer to what is gone.
. "$(dirname "$0")/../prelude.sh"

cat >m.s <<'END'
.globl _start
.section .text.kept,"ax"
_start: ret
.section meta2,"ao",@progbits,meta_of_gone
.quad 1
.section meta_of_gone,"awo",@progbits,.text.gone
.quad gone
.section .text.gone,"ax"
gone: ret
.section meta,"awo",@progbits,.text.kept
.quad _start
END
as m.s -o m.o
printf 'smap 1;\nextends default;\ndiscard .text.gone;\n' >map
for options in "" --gc-sections; do
  $SWOLD m.o --section-map=map $options -o m
  has_no_section m meta_of_gone
  has_no_section m meta2
  has_section m meta
  sane_image m
done
