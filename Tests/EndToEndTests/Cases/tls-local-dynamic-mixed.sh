#!/bin/bash
# In one program a call for the module's thread-local block can be replaced and another cannot,
# because there is something between its instructions. Both lead to the same variables.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >main.c <<'END'
__thread int first = 1, second = 2;
int *usual(void), *unusual(void);
int main(void) {
  if (usual() != &second || unusual() != &second) return 1;
  *unusual() = 7;
  return second == 7 && first == 1 ? 0 : 2;
}
END
cat >get.s <<'END'
  .globl usual, unusual
usual:
  sub $8, %rsp
  lea second@tlsld(%rip), %rdi
  call __tls_get_addr@PLT
  lea second@dtpoff(%rax), %rax
  add $8, %rsp
  ret
unusual:
  sub $8, %rsp
  lea second@tlsld(%rip), %rdi
  nop
  call __tls_get_addr@PLT
  lea second@dtpoff(%rax), %rax
  add $8, %rsp
  ret
  .section .note.GNU-stack, "", @progbits
END
for kind in -pie -no-pie -Wl,--no-relax; do
  $CC $kind main.c get.s -o main
  ./main
  sane main
done
