#!/bin/bash
# A .gnu.linkonce section and a COMDAT group of one section that define the same symbols are copies:
# the first is kept, as GNU ld does. Constants of a function that an earlier file has are not kept.
. "$(dirname "$0")/../prelude.sh"

make() { printf "$2\n" >$1.s && as $1.s -o $1.o; }
make once '.section .gnu.linkonce.d.f,"aw"\n.weak f\nf: .byte 0x11'
make other '.section .gnu.linkonce.d.f,"aw"\n.weak g\ng: .byte 0x12'
make more '.section .gnu.linkonce.d.f,"aw"\n.weak f,h\nf: h: .byte 0x13'
make group '.section .data.f,"awG",@progbits,f,comdat\n.weak f\nf: .byte 0x21\n.reloc f, '"${R}NONE"
make pair '.section .data.f,"awG",@progbits,f,comdat\n.weak f\nf: .byte 0x22\n
  .section .data.f2,"awG",@progbits,f,comdat\n.byte 0x23'
make text '.section .gnu.linkonce.t.f,"ax"\n.weak f\nf: .byte 0x31'
make constants '.section .gnu.linkonce.r.f,"a"\n.byte 0x41'

# holds SECTION BYTES FILE… : what the section of the output has, if these are linked.
holds() {
  local name=$1 want=$2
  shift 2
  $SWOLD -e 0 "${@/%/.o}" -o out
  [ "$(contents out $name | sed 's/\(00\)*$//')" = $want ] || fail "$* gives $(contents out $name)"
}
holds .data 11 once group
holds .data 21 group once
holds .data 11 once group group
holds .data 1221 other group   # not the same symbols
holds .data 1321 more group
holds .data 112223 once pair   # more than one section
holds .text 31 text group
has_no_section out .data
holds .data 21 group text
has_no_section out .text
holds .text 31 text constants
has_no_section out .rodata
holds .rodata 41 constants text
