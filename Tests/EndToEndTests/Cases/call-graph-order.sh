#!/bin/bash
# --call-graph-ordering-file, and the call profiles that clang leaves in objects: functions that call each
# other often stand together, those with the most calls for their size first.
# machines: x86_64 (one machine shows it)
. "$(dirname "$0")/../prelude.sh"

{
  for i in {1..9}; do echo "int f$i(int x) { return x + $i; }"; done
  echo 'int f1(int), f9(int); int main(void) { return f1(1) + f9(1) - 12; }'
} >m.c
gcc -O0 -ffunction-sections -c m.c
order() { nm -n "$1" | grep -oE ' [tT] (f[0-9]|main)$' | sed 's/.* //' | tr '\n' ' '; }
printf '# hot calls\nmain f7 1000\nf7 f3 900\nf9 f5 10\n' >calls
$CC m.o -Wl,--call-graph-ordering-file=calls -o m && ./m
grep -q 'main f7 f3 ' <<<"$(order m)"
grep -q 'f9 f5 ' <<<"$(order m)"
grep -qE 'f7 .*f9 .*f1 ' <<<"$(order m)"
$CC m.o -Wl,--call-graph-ordering-file=calls,--call-graph-profile-sort=none -o n && ./n
$CC m.o -o plain && [ "$(order n)" = "$(order plain)" ]
for threads in 1 4; do $CC m.o -Wl,--call-graph-ordering-file=calls,--threads=$threads -o m$threads; done
cmp m1 m4
echo 'main nobody 5' >unknown
$CC m.o -Wl,--call-graph-ordering-file=unknown -o m 2>err
grep -q 'nobody' err
echo 'main f1' >bad
expect_fail $CC m.o -Wl,--call-graph-ordering-file=bad -o no
says 'bad:1: expected CALLER CALLEE COUNT'

# As profiles say it.
cat >p.s <<'X'
.globl main
.section .text.fa,"ax",@progbits
cold: ret
.section .text.fb,"ax",@progbits
main: xor %eax, %eax; ret
.section .text.fc,"ax",@progbits
far: .skip 64, 0x90
.section .text.fd,"ax",@progbits
hot: ret
.cg_profile main, hot, 500
.cg_profile hot, cold, 300
X
clang-19 -c p.s -o p.o
readelf -SW p.o | grep -q 'call-graph-profile'
list() { nm -n "$1" | grep -oE ' [tT] (cold|main|far|hot)$' | sed 's/.* //' | tr '\n' ' '; }
$CC p.o -o p && ./p
clang-19 -fuse-ld=lld p.o -o by-lld
grep -q 'hot cold' <<<"$(list p)"
[ "$(list p)" = "$(list by-lld)" ]
$CC p.o -Wl,--no-call-graph-profile-sort -o p
[ "$(list p)" = 'cold main far hot ' ]
has_no_section p .llvm.call-graph-profile
