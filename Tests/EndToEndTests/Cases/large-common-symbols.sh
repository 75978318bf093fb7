#!/bin/bash
# Common symbols of the medium model (SHN_X86_64_LCOMMON) go to .lbss, behind all that small code refers to;
# so do .ldata, .lrodata, and whatever else has SHF_X86_64_LARGE. One that a file of the small model also
# asks for stays in reach, as in GNU ld.
# machines: x86_64 (code models of x86-64)
. "$(dirname "$0")/../prelude.sh"

cat >a.s <<'END'
.globl get
get: movabs $big, %rax
  mov (%rax), %eax
  movabs $third, %rcx
  add (%rcx), %eax
  ret
.largecomm big,3000000000,32
.largecomm shared,8,8
.section more,"awl"
third: .long 1
.section zeros,"awl",@nobits
.skip 3000000000
.section .note.GNU-stack,"",@progbits
END
as a.s -o a.o
cat >m.c <<'END'
int get(void);
int small = 1, aa, zz, shared;
static int sb;
int arr[100];
int main(int c, char **v) {
  aa = zz = sb = arr[c] = c;
  return get() - 1 + small - 1 + aa + zz + sb + arr[1] - 4 + shared;
}
END
for model in -fno-common -fcommon; do
  gcc -fno-pie $model -c m.c
  for order in 'm.o a.o' 'a.o m.o'; do
    $CC -no-pie $order -o m
    ./m
    [ $((0x$(address m big))) -ge $((0x$(section m .lbss address))) ]
    [ $((0x$(address m shared))) -lt $((0x$(section m .lbss address))) ]
    shows ' \.lbss +NOBITS .* WAl ' readelf -SW m
    [ "$(stat -c %s m)" -lt 100000 ]
    sane_image m  # SHF_X86_64_LARGE is new to eu-elflint
    # The same after -r.
    $SWOLD -r $order -o r.o
    $CC -no-pie r.o -o m
    ./m
  done
done
cat >l.c <<'END'
const int table[70000] = {1};
int data[70000] = {2};
int zero[70000];
int main(void) { return table[0] + data[0] + zero[9] - 3; }
END
gcc -mcmodel=medium -fno-pie -c l.c
for inputs in '-no-pie l.o a.o' '-static l.o'; do  # a static C library has _end in reach
  $CC $inputs -o l
  ./l
  for name in .lrodata .ldata .lbss; do
    [ $((0x$(section l $name address))) -gt $((0x$(section l .bss address))) ]
  done
  sane_image l
done
