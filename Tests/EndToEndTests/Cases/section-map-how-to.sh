#!/bin/bash
# Every map of docs/SectionMap/HowTo.md links a program, and does what the text says.
# machines: x86_64 (the sections are what matters, not the instructions)
. "$(dirname "$0")/../prelude.sh"

page=$CASES/../../../docs/SectionMap/HowTo.md
python3 - "$page" <<'END'
import re, sys
for name, text in re.findall(r"^```smap\S* (\S+)\n(.*?)^```", open(sys.argv[1]).read(), re.S | re.M):
    open(name if name.endswith(".smap") else name + ".smap", "w").write(text)
END
cat >main.s <<'END'
.section .vectors,"a"; .long 0, 0
.section .multiboot,"a"; .long 0x1badb002
.section .boot.text,"ax"; .globl boot_start
boot_start: nop
.text; .globl Reset_Handler
Reset_Handler: .zero 1001, 0x90
.section .fast,"ax"; .globl erase
erase: .zero 37, 0x90
.section .rodata,"a"; .zero 13, 7
.data; .zero 61, 5
.bss; .zero 300
.section .mailbox,"aw",@nobits; .zero 16
.section .noinit,"aw",@nobits; .globl boots
boots: .zero 4
END
as main.s -o main.o
printf '.text\n.zero 64, 1\n' >codec_a.s
printf '.text\n.zero 80, 2\n' >codec_b.s
for codec in codec_a codec_b; do as $codec.s -o $codec.o; done
value() { nm "$1" | awk -v name="$2" '$3 == name { print "0x" $1 }'; }
same() { [ $(($1)) = $(($2)) ] || fail "$1 is not $2"; }
count=0
for map in *.smap; do
  [ $map != board.smap ] || continue
  name=${map%.smap}
  objects=main.o
  [ $name != overlays ] || objects="main.o codec_a.o codec_b.o"
  $SWOLD --section-map $map $objects -o $name --orphan-handling=place
  count=$((count + 1))
done
[ $count -ge 10 ]

# Each does what it is for.
same "$(value bootloader app_vectors)" 0x08004000
same "$(value application image_start)" 0x08004000
same "$(value application mailbox)" "$(value bootloader mailbox)"
same "$(value ram-functions erase)" "$(value ram-functions ram_start) + 64"
same "$(value checksum __slot_crc)" 0x0800fffc
$SWOLD --section-map two-banks.smap --map-set bank=1 main.o -o second --orphan-handling=place
same "$(value second Reset_Handler) - $(value two-banks Reset_Handler)" 0x20000
same "$(value overlays codec_b_image) - $(value overlays codec_a_image)" "$(value overlays codec_a_size)"
same "$(value fixed-places __slot_version)" 0x08000200
same "$(value stack-and-heap _estack) - $(value stack-and-heap _stack_limit)" 2048
same "$(value no-init boots)" 0x20003c00
same "$(value kernel kernel_run) - $(value kernel kernel_stored)" 0xffffffff80000000

# The edit script of the page fills the checksum.
sed -n '/^sedit 1$/,/^```$/p' "$page" | grep -v '^```' >release.sedit
$SWOLD --section-map checksum.smap --post release.sedit main.o -o checksum --orphan-handling=place
[ "$(objdump -s -j .slot.crc checksum | awk '/^ / { print $2 }')" != ffffffff ]
