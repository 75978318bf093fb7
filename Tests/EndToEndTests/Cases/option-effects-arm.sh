#!/bin/bash
# What single options for ARM and AArch64 change in the output.
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
	.syntax unified
	.arch armv4t
	.arm
	.globl _start
_start:	bx lr
	.data
	.globl one, two, target
one:	.word target(TARGET1)
two:	.word target(TARGET2)
target:	.word 7
END
arm-none-eabi-as a.s -o a.o
words() { # FILE SECTION
  llvm-objcopy-19 -O binary --only-section=$2 $1 words.bin
  od -An -tx4 -w4 -v words.bin | tr -d ' '
}
address() { printf '%08x' "$((0x$(readelf -sW "$1" | awk -v n="$2" '$8 == n { print $2 }')))"; }
distance() { printf '%08x' "$((0x$(address "$1" "$2") - 0x$(address "$1" "$3")))"; }
link() { $SWOLD a.o -o a "$@"; }

link
cp a plain
[ "$(words a .data | sed -n 1p)" = "$(address a target)" ]
link --target1-rel --target1-abs
cmp a plain
link --target1-rel
[ "$(words a .data | sed -n 1p)" = "$(distance a target one)" ]
link --target2=abs
[ "$(words a .data | sed -n 2p)" = "$(address a target)" ]
link --target2=rel
[ "$(words a .data | sed -n 2p)" = "$(distance a target two)" ]
[ "$(words plain .text | sed -n 1p)" = e12fff1e ]
link --fix-v4bx
[ "$(words a .text | sed -n 1p)" = e1a0f00e ]  # mov pc, lr
link --no-fix-arm1176
cmp a plain
for word in --long-plt --pic-veneer --use-blx --be32 --merge-exidx-entries; do
  link $word
  cmp a plain
done

printf '.globl _start\n_start: ret\n' >p.s
aarch64-linux-gnu-as p.s -o p.o
$SWOLD p.o -o p --fix-cortex-a53-835769 --no-fix-cortex-a53-835769
$SWOLD p.o -o q
cmp p q
while read -r report property; do
  $SWOLD p.o -o p -z $report=none
  cmp p q
  $SWOLD p.o -o p -z $report=warning 2>err
  grep -q "warning: p.o: lacks the $property property" err || { cat err; fail "-z $report"; }
  expect_fail $SWOLD p.o -o p -z $report=error
  says "error: p.o: lacks the $property property"
done <<'END'
pauth-report PAC
gcs-report GCS
bti-report BTI
END

# The size of pages by which RELRO and segments are cut.
printf '.globl _start\n_start: ret\n.data\n.word 1\n' >d.s
gcc -c d.s -o d.o
$SWOLD d.o -o d -z common-page-size=0x10000 -z max-page-size=0x10000
shows 'LOAD.* 0x10000$' readelf -lW d
