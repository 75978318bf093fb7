#!/bin/bash
# An undefined weak thread-local variable is at offset 0 in every model, as with lld; what is in no
# library at link time is so in local-exec code even if a library brings it later.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >models.s <<'END'
.globl _start
_start:
  .byte 0x66; leaq w@tlsgd(%rip), %rdi; .word 0x6666; rex64 call __tls_get_addr@PLT
  mov w@gottpoff(%rip), %rax
  add w@gottpoff(%rip), %r12
  lea w@tlsdesc(%rip), %rax
  call *w@tlscall(%rax)
  .ifdef EXEC
  mov $w@tpoff, %rax
  lea w@tpoff(%rax), %rax
  .endif
.weak w
.ifdef HIDDEN
.hidden w
.endif
.type w, @tls_object
.section .tdata, "awT"
.quad 1, 2, 3
.data
.quad w@dtpoff
END
printf '.globl __tls_get_addr\n__tls_get_addr: ret\n' | as -o t.o
$SWOLD -shared t.o -o t.so
for flags in '-defsym EXEC=1' '-defsym EXEC=1 -defsym HIDDEN=1'; do
  as $flags models.s -o m.o
  for style in '-static t.o' '-no-pie t.so' '-pie t.so'; do
    $SWOLD m.o $style -o m
    [ "$(contents m .data)" = 0000000000000000 ] || fail "$style: $(contents m .data)"
    objdump -d m >code
    ! grep -E '\$0xff|-0x[0-9a-f]+\(%rax\)' code || fail "$style"
    [ "$(grep -cE 'mov +\$0x0,%rax|lea +0x0\(%rax\)' code)" -ge 2 ]
    ! section m .got type >/dev/null || contents m .got | grep -qx '0*'
  done
done
for flags in '' '-defsym HIDDEN=1'; do
  as $flags models.s -o m.o
  $SWOLD -shared m.o t.so -o m.so
  [ "$(contents m.so .data)" = 0000000000000000 ]
  contents m.so .got | grep -qx '0*'
  lacks 'TPOFF64 +-|TPOFF64 +[1-9]|TLSDESC +-' readelf -rW m.so
done
as -defsym EXEC=1 models.s -o m.o
expect_fail $SWOLD -shared m.o t.so -o m.so
says 'TPOFF32 against w cannot be used'
