#!/bin/bash
# RISC-V: code gets as short as with GNU ld and lld, for 64 and 32 bits, and does the same; alignment
# is kept, with --no-relax as well; symbols have the sizes that are left.
# machines: -arm (reads symbols with the tools of the machine)
. "$(dirname "$0")/../prelude.sh"

cat >main.c <<'X'
static long sys(long n, long a, long b, long c) {
  register long a7 asm("a7") = n, a0 asm("a0") = a, a1 asm("a1") = b, a2 asm("a2") = c;
  asm volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
  return a0;
}
int add(int, int); extern int table[], small; extern int (*pointer)(int, int); int big[5000];
int weakly(void) __attribute__((weak));
static __thread int zero, one;
static char buffer[16], thread[64];
__attribute__((noinline)) static int factorial(int n) { return n < 2 ? 1 : n * factorial(n - 1); }
__attribute__((aligned(64))) int aligned(void) { return 5; }
int start(void) {
  asm volatile("mv tp, %0" : : "r"(thread));
  one = 3, big[4999] = 7;
  int sum = factorial(6) + add(table[1], small) + pointer(3, 4) + zero + one + big[4999] + big[3];
  sum += (weakly ? 1000 : 0) + ((long)aligned & 63) + aligned();
  int n = 15;
  for (; sum; sum /= 10) buffer[--n] = '0' + sum % 10;
  sys(64, 1, (long)(buffer + n), 15 - n);
  return 0;
}
X
cat >other.c <<'X'
int table[] = {5, 6, 7}, small = 1;
int add(int a, int b) { return a + b; }
int (*pointer)(int, int) = add;
X
cat >start.S <<'X'
        .globl _start
_start: .option push
        .option norelax
        la gp, __global_pointer$
        .option pop
        call start
        li a7, 93
        ecall
X
text() { llvm-size-19 -A "$1" | awk '$1 == ".text" { print $2 }'; }
for machine in 64:rv64gc:lp64d 32:rv32imac:ilp32 32:rv32im:ilp32; do
  IFS=: read -r bits march abi <<<"$machine"
  for code in '-O2 -mcmodel=medlow' '-Os -mcmodel=medany' '-O1 -fPIC -ffunction-sections'; do
    for file in main.c other.c start.S; do
      riscv64-unknown-elf-gcc -march=${march}_zicsr -mabi=$abi $code -ftls-model=local-exec -ffreestanding -c $file
    done
    for options in '' --no-relax --no-relax-gp --gc-sections; do
      $SWOLD -m elf${bits}lriscv $options start.o main.o other.o -o ours
      [ "$(qemu-riscv$bits ./ours)" = 749 ]
    done
    $SWOLD start.o main.o other.o -o ours
    riscv64-unknown-elf-ld -m elf${bits}lriscv start.o main.o other.o -o bfd
    ld.lld-19 --relax-gp start.o main.o other.o -o lld
    [ "$(text ours)" -le "$(text bfd)" ]
    [ "$(text ours)" -le "$(text lld)" ]
  done
done
# What is left of a function is its size: the next one follows.
cat >sizes.s <<'X'
        .globl _start, next
        .type _start, @function
_start: call next
        tail next
        .size _start, . - _start
        .type next, @function
next:   ret
        .size next, . - next
X
llvm-mc-19 -filetype=obj -triple=riscv64 -mattr=+c,+relax sizes.s -o sizes.o
$SWOLD sizes.o -o sizes
shows ' 6 FUNC .* _start$' readelf -sW sizes
[ $((16#$(address sizes next) - 16#$(address sizes _start))) = 6 ]
