#!/bin/bash
# A program of 2,000 files, with enough of everything that each loop has parts for many threads, is the
# same for every number of threads, and runs; so is what -r makes of it.
. "$(dirname "$0")/../prelude.sh"

# Functions with sections, unwind tables, strings, GOT loads and words of data; every twentieth lies in
# a COMDAT group that the next file has, too.
for file in $(seq 40); do
  awk -v f="$file" 'BEGIN {
    for (i = 0; i < 500; i++) {
      name = "f" f "_" i; group = ""
      if (i % 20 == 0) { name = "g" int(f / 2) "_" i; group = "G" }
      printf ".section .text.%s,\"ax%s\",@progbits%s\n", name, group, group ? "," name ",comdat" : ""
      printf "%s %s\n.type %s,@function\n%s: .cfi_startproc\n", group ? ".weak" : ".globl", name, name, name
      printf ".cfi_def_cfa_offset 16\nload_address .Ls%d\n", i
      printf "load_got w%d_%d\nreturn %d\n.cfi_endproc\n.size %s,.-%s\n", f, i, i % 100, name, name
      printf ".section .rodata.str1.1,\"aMS\",@progbits,1\n.Ls%d: .string \"text %d of %d\"\n", i, i, f % 9
      printf ".data\n.globl w%d_%d\nw%d_%d: .quad %s\n", f, i, f, i, name
      printf ".section .debug_info,\"\",@progbits\n.quad %s\n.long .Ld%d\n", name, i
      printf ".section .debug_str,\"MS\",@progbits,1\n.Ld%d: .string \"name %d of file %d\"\n", i, i, f
    }
    print ".section .note.GNU-stack,\"\",@progbits"
  }' </dev/null | as -o "f$file.o" &
  [ $((file % 4)) != 0 ] || wait
done
wait
echo 'int f7_9(void), g3_40(void); extern void *w12_5;
int main(void) { return f7_9() != 9 || g3_40() != 40 || !w12_5; }' >m.c
gcc -c m.c
# Members that nobody needs count, too.
echo 'int unused;' | gcc -c -x c - -o unused.o
mkdir unused
for i in $(seq 2000); do ln unused.o unused/$i.o; done
ar rcS unused.a unused/*.o
ranlib unused.a
for n in 1 2 8; do
  $CC m.o f*.o unused.a -Wl,--threads=$n,--build-id,-Map=map.$n -o out.$n
  $SWOLD -r f*.o unused.a --threads=$n -o out.$n.o
done
for n in 2 8; do cmp out.1 out.$n; cmp map.1 map.$n; cmp out.1.o out.$n.o; done
./out.8
