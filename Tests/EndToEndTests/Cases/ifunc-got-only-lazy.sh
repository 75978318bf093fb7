#!/bin/bash
# A dynamic program whose only PLT relocations are those of an IFUNC's GOT entry or word has a
# DT_PLTGOT: the loader, which binds lazily, writes there as soon as there is a DT_JMPREL.
# machines: x86_64 (x86-64 assembly)
. "$(dirname "$0")/../prelude.sh"

cat >l.s <<'END'
.globl l; .type l,@function
l: ret
.section .note.GNU-stack,"",@progbits
END
cat >m.s <<'END'
.globl chosen; .type chosen,@gnu_indirect_function
chosen: lea impl(%rip),%rax; ret
impl: mov $42,%eax; ret
.section .note.GNU-stack,"",@progbits
END
cat >got.s <<'END'
.globl _start
_start: mov l@GOTPCREL(%rip),%rax
mov chosen@GOTPCREL(%rip),%rax; call *%rax; mov %eax,%edi; mov $60,%eax; syscall
.section .note.GNU-stack,"",@progbits
END
sed 's/mov chosen@GOTPCREL/mov word/; $a .data; word: .quad chosen' got.s >word.s
# GNU as would refer to _GLOBAL_OFFSET_TABLE_, which makes a .got.plt anyway.
clang-19 -c l.s m.s got.s word.s
$SWOLD -shared l.o -o libl.so
for mode in "" -pie; do
  for way in got word; do
    $SWOLD $mode m.o $way.o libl.so -rpath "$WORK" -dynamic-linker /lib64/ld-linux-x86-64.so.2 -o out
    sane out
    ./out && fail "did not run" || [ $? = 42 ]
  done
done
